import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createBuffer } from '../../src/repl/editor/edit-buffer.ts';
import { layOut } from '../../src/repl/editor/layout.ts';
import { createPlace } from '../helpers/repl.ts';
import { SEED } from '../helpers/seeded-bytes.ts';
import type { TerminalSession } from '../helpers/terminal.ts';
import { applyToModel, bytesOf, plainKeys, type Stroke } from '../repl/state/key-strokes.ts';
import { ModelEditor } from '../repl/state/model-editor.ts';

const ROUNDS = 150;
const CTRL_C = '\x03';
const prefixes = { prompt: '❯ ', continuation: '· ', more: { above: '↑ ', below: '↓ ' } };

/** Characters that the emulator gives the same width as the terminals that nsh is made for. */
const text = fc
  .array(fc.constantFrom(...'ab z.-"\'$(#|', 'é', 'e\u0301', '語', '👍', 'echo ', 'a long word '), {
    minLength: 1,
    maxLength: 12,
  })
  .map((parts) => parts.join(''));

const stroke: fc.Arbitrary<Stroke> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.constantFrom(...plainKeys).map(([bytes, does]): Stroke => ({ kind: 'plain', bytes, does })),
  },
  { weight: 5, arbitrary: text.map((typed): Stroke => ({ kind: 'type', text: typed })) },
  {
    weight: 1,
    arbitrary: fc
      .array(text, { maxLength: 30 })
      .map((lines): Stroke => ({ kind: 'paste', text: lines.join('\n') })),
  },
  { weight: 1, arbitrary: fc.constant<Stroke>({ kind: 'type', text: '\n' }) },
);

interface Round {
  readonly strokes: readonly Stroke[];
  readonly printed: number;
}

const round: fc.Arbitrary<Round> = fc.record({
  strokes: fc.array(stroke, { minLength: 1, maxLength: 12 }),
  printed: fc.constantFrom(0, 0, 0, 1, 5, 40),
});

/** Whether the live frame is what the model's text looks like, the terminal's cursor included. */
function showsModel(nsh: TerminalSession, model: ModelEditor, columns: number, rows: number): boolean {
  const screen = nsh.screen().split('\n');
  const status = screen.length - 1;
  if (!screen[status]?.startsWith('main')) return false;
  // One row is the status line, one stays free.
  const layout = layOut(createBuffer(model.text, model.offset), {
    ...prefixes,
    width: columns - 1,
    maxRows: rows - 2,
  });
  const wanted = layout.rows.map((row) =>
    (row.prefix + row.pieces.map((piece) => piece.text).join('')).trimEnd(),
  );
  const first = status - wanted.length;
  const shown = screen.slice(Math.max(0, first), status).map((row) => row.trimEnd());
  const { column, row, hidden } = nsh.cursor();
  const prompts = screen.filter((line) => /^[❯↑] /.test(`${line} `)).length;
  return (
    !hidden &&
    prompts === 1 &&
    JSON.stringify(shown) === JSON.stringify(wanted) &&
    row === first + layout.cursorRow &&
    column === layout.cursorColumn
  );
}

test.each([
  [80, 24],
  [40, 14],
])(
  `at %dx%d: ${ROUNDS} rounds of random keys, pastes and output`,
  async (columns, rows) => {
    using place = createPlace();
    using nsh = await place.open([], { columns, rows });
    nsh.write(':set suggestions off\r');
    await nsh.waitFor(/^❯ *$/m);
    let printed = 0;
    const model = new ModelEditor();
    for (const [number, { strokes, printed: lines }] of fc
      .sample(round, { numRuns: ROUNDS, seed: SEED })
      .entries()) {
      const told = `round ${number}, NSH_SEED=${SEED}: ${JSON.stringify({ strokes, lines })}`;
      const waitUntil = (condition: (screen: string) => boolean, what: string) =>
        nsh.waitFor(condition).catch((error: Error) => {
          throw new Error(`${what}\n${error.message}`);
        });
      const shows = () =>
        waitUntil(
          () => showsModel(nsh, model, columns, rows),
          `${told}\nmodel ${JSON.stringify([model.text, model.offset])}`,
        );
      if (lines > 0) {
        nsh.write(`seq -f 'line %g' ${printed + 1} ${printed + lines}\r`);
        printed += lines;
        model.insert('seq');
        model.clear();
      }
      for (const one of strokes) {
        nsh.write(bytesOf(one));
        applyToModel(model, one);
      }
      await shows();
      const text = model.text;
      // On an empty line Ctrl-C would be told that nothing runs.
      if (text !== '') nsh.write(CTRL_C);
      model.clear();
      await shows();
      // At rest: nothing of this round comes into the next one.
      const isAtRest = (screen: string) =>
        !/^[●○↑] /m.test(screen) && (printed === 0 || nsh.history().includes(`line ${printed}`));
      await waitUntil(isAtRest, `${told}, at rest behind line ${printed}`);
    }
    const shown = nsh.history().match(/(?<=^▏?)line \d+$/gm);
    expect(shown).toEqual(Array.from({ length: printed }, (_, index) => `line ${index + 1}`));
    nsh.write('\x04');
    expect((await nsh.exited).exitCode).toBe(0);
    expect(nsh.modes()).toMatchObject({ bracketedPasteMode: false, alternateScreen: false });
    expect(nsh.cursor().hidden).toBe(false);
  },
  300_000,
);
