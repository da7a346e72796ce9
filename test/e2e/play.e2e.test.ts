import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { parseCast, replay } from '../helpers/asciicast.ts';
import { createPlace, type Place } from '../helpers/repl.ts';
import { openTerminal } from '../helpers/terminal.ts';

const TOUR = path.join(import.meta.dirname, '../fixtures/tour.nsh');
const ENTRY = path.join(import.meta.dirname, '../../dist/cli.js');

const start = (place: Place, args: readonly string[], size = {}) =>
  openTerminal(process.execPath, [ENTRY, 'play', ...args], { cwd: place.cwd, env: place.env, ...size });

/** What the tour prints, whatever it is typed on. */
const TOUR_OUTPUT = [
  /^created demo on local · :help for help\n# A named shell keeps its directory/,
  /\n#2 greet world\nhello, world\n✓ \S+\n# Lines typed while/,
  /\n#3 sleep 4; echo slept\nslept\n✓ 4\.\ds\n#4 greet again\nhello, again\n✓ \S+\n#5 greet "and again"\n/,
  /\n#6 ls \/no-such-file\n▏ls: .*No such file or directory\n✗ exit 2 · \S+\n/,
  /\n#7 for name in one two; do\n · {3}greet "\$name"\n · done\nhello, one\nhello, two\n✓ \S+\n/,
];

test('the tour is typed into a real session, recorded, and handed over: the cast shows what the terminal showed', async ({
  expect,
}) => {
  await using place = createPlace();
  using terminal = start(place, [TOUR, '--fast', '--stay', '--record', 'tour.cast'], {
    columns: 72,
    rows: 20,
  });
  await terminal.waitFor(/hello, two\n✓ \S+\n❯ *\ndemo · local · \/ · connected$/);
  const file = path.join(place.cwd, 'tour.cast');
  await expect.poll(() => readFileSync(file, 'utf8').endsWith('"x", "0"]\n')).toBe(true);
  const cast = parseCast(readFileSync(file, 'utf8'));
  expect(cast).toMatchObject({ columns: 72, rows: 20, header: { title: 'nsh demo' } });
  const played = await replay(cast);
  expect(played.screen).toBe(terminal.screen());
  for (const part of TOUR_OUTPUT) expect(played.history).toMatch(part);
  const shown = cast.events.map(({ data }) => data).join('');
  expect(shown).toContain('○ queued ');
  expect(cast.events.filter(({ code }) => code === 'i')).toEqual([]);
  // It is the REPL, and a person goes on in it.
  terminal.write('greet me\r');
  await terminal.waitFor(/^hello, me\n✓/m);
  terminal.write('\x04');
  expect((await terminal.exited).exitCode).toBe(0);
  expect(place.run(['ls'])).toMatch(/^demo +idle/m);
  // No history is kept of it.
  expect(existsSync(path.join(place.env.NSH_STATE_DIR ?? '', 'history'))).toBe(false);
});

test('at human speed; keys of a person are for nobody, but Ctrl-C stops it, and its shell is gone', async () => {
  await using place = createPlace();
  writeFileSync(path.join(place.cwd, 'script'), 'echo x\n#pause 3600s\n');
  using terminal = start(place, ['script', 'other']);
  await terminal.waitFor(/❯ e/);
  terminal.write('typed\r');
  await terminal.waitFor(/^#1 echo x\nx\n✓ /m);
  terminal.write('\x03');
  expect((await terminal.exited).exitCode).toBe(130);
  expect(terminal.history()).toMatch(/✓ \S+\nnsh: stopped at line [12] of the script\.$/);
  expect(terminal.history()).not.toContain('typed');
  expect(place.run(['ls', '--json'])).toBe('[]\n');
});
