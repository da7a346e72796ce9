import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { expect, test } from 'vitest';
import { createPlace } from '../helpers/repl.ts';

/** A full measure is taken by the bench; NSH_MANY_LINES=10000 has it here. */
const LINES = Number(process.env.NSH_MANY_LINES ?? 100);
const PATIENCE_MS = 60_000 + LINES * 100;

const ways = [
  { way: 'typed ahead', columns: 80, rows: 24, send: (text: string) => text.replaceAll('\n', '\r') },
  {
    way: 'pasted and sent by Ctrl-X Enter',
    columns: 40,
    rows: 15,
    send: (text: string) => `\x1b[200~${text}\x1b[201~\x18\r`,
  },
];

test.each(ways)(
  `${LINES} lines $way: all queued, shown and run in order, and the keys stay alive`,
  async ({ send, ...size }) => {
    await using place = createPlace();
    using nsh = await place.open([], size);
    const gate = path.join(place.cwd, 'gate');
    execFileSync('mkfifo', [gate]);
    nsh.write(`read -r go <${gate}\r`);
    await nsh.waitFor('running');
    const text = Array.from({ length: LINES }, (_, index) => `echo line ${index + 1}\n`).join('');
    nsh.write(send(text));
    // All but 300 wait here.
    await nsh.waitFor(`+${LINES - 4} more${LINES > 299 ? `, ${LINES - 299} not sent` : ''}`, PATIENCE_MS);
    nsh.write('still alive');
    await nsh.waitFor(/ more[\s\S]*❯ still alive/);
    place.run(['-c', `echo go >${gate}`, 'helper']);
    await nsh.waitFor(new RegExp(`^line ${LINES}\n✓`, 'm'), PATIENCE_MS);
    const numbers = [...nsh.history().matchAll(/^line (\d+)\n✓/gm)].map(([, number]) => Number(number));
    expect(numbers).toEqual(Array.from({ length: LINES }, (_, index) => index + 1));
    expect(nsh.screen()).toContain('❯ still alive');
  },
);
