import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { createPlace } from '../helpers/repl.ts';
import { HOSTILE } from '../repl/output/hostile-sequences.ts';

/** A bash script that writes each line byte by byte, so that no sequence of it comes in one piece. */
function byteByByte(lines: readonly string[]): string {
  const bytes = [...Buffer.from(lines.map((line) => `${line}\n`).join(''))];
  return bytes.map((byte) => `printf '\\x${byte.toString(16).padStart(2, '0')}'`).join('\n');
}

/** What a terminal was told beside text and colours: each kind of sequence once, its numbers left out. */
function kindsOfSequences(raw: string): Set<string> {
  const sequences = raw.matchAll(
    /\x1b\]133;[^\x07]*\x07|\x1b(?:\[[<-?]*[\d;:]*[ -/]*[@-~]|[^[])|[\x00-\x08\x0b\x0c\x0e-\x1a\x7f-\x9f]/g,
  );
  return new Set(
    Array.from(sequences, ([text]) => (/\[[<-?]/.test(text) ? text : text.replace(/[\d;:]+/, '#'))),
  );
}

test.each([
  [80, 24],
  [40, 12],
])(
  'hostile output at %dx%d drives nothing and types nothing, written byte by byte',
  async (columns, rows) => {
    await using place = createPlace();
    const script = (name: string, lines: readonly string[]) =>
      writeFileSync(path.join(place.cwd, name), byteByByte(lines));
    script('harmless', [...HOSTILE.map((_, index) => `${index}:ab`), 'harmless is over']);
    script('hostile', [...HOSTILE.map(([, input], index) => `h${index}:a${input}b`), 'hostile is over']);
    using nsh = await place.open([], { columns, rows });

    nsh.write('bash harmless\r');
    await nsh.waitFor(/is over\n(?:.*\n)*✓/);
    const usual = kindsOfSequences(nsh.raw());
    const before = { modes: nsh.modes(), title: nsh.title() };
    const start = nsh.raw().length;

    nsh.write('bash hostile\r');
    await nsh.waitFor(/hostile is over\n(?:.*\n)*✓/);
    expect({ modes: nsh.modes(), title: nsh.title() }).toEqual(before);
    expect([...kindsOfSequences(nsh.raw().slice(start))].filter((kind) => !usual.has(kind))).toEqual([]);
    expect(nsh.screen()).toMatch(/^❯ ?$/m);
    const shown = nsh
      .history()
      .split('\n')
      .map((line) => line.trim());
    for (const [index, [, input, left]] of HOSTILE.entries()) {
      // Within its own line a program may erase what stands there.
      expect(shown).toContain(input.includes('\x1b[2K') ? 'b' : `h${index}:a${left}b`);
    }
  },
);
