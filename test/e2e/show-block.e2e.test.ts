import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { sgrColour } from '../../src/repl/output/palette.ts';
import { createPlace, type Place } from '../helpers/repl.ts';

const sizes = [
  [80, 24],
  [40, 14],
] as const;

/** A pager as small as can be: keeps what it is given, draws on the alternate screen, ends with a key. */
function smallPager(place: Place): {
  readonly command: string;
  readonly file: string;
  readonly given: () => string;
} {
  const file = path.join(place.cwd, 'small-pager');
  const kept = path.join(place.cwd, 'paged');
  writeFileSync(
    file,
    `#!/usr/bin/env bash
cat >"$1"
before=$(stty -g </dev/tty)
printf '\\033[?1049h\\033[Hpaging %s lines' "$(wc -l <"$1")"
stty raw -echo </dev/tty
dd bs=1 count=1 2>/dev/null </dev/tty >/dev/null
stty "$before" </dev/tty
[ -n "$SLOW" ] && printf 'cooked again' && sleep 0.3
printf '\\033[?1049l'
`,
    { mode: 0o755 },
  );
  return { command: `${file} ${kept}`, file: kept, given: () => readFileSync(kept, 'utf8') };
}

test.each(sizes)('at %dx%d: :show opens a block whole in $PAGER', async (columns, rows) => {
  await using place = createPlace();
  const pager = smallPager(place);
  using nsh = await place.open([], { columns, rows, env: { PAGER: pager.command, SLOW: '1' } });
  nsh.write(
    String.raw`seq 3000; printf 'hostile \033]52;c;aGk=\a\033[2J\033[32mgreen\033[0m\n'; printf 'no ending'` +
      '\r',
  );
  await nsh.waitFor(/no ending⏎\n✓/);
  nsh.write(':show 1\r');
  await nsh.waitFor('paging 3004 lines');
  expect(nsh.screen()).not.toContain('❯');
  const numbers = Array.from({ length: 3000 }, (_, index) => `${index + 1}\n`).join('');
  expect(pager.given()).toContain(
    `${numbers}hostile \x1b[32mgreen\x1b[0m\nno ending\x1b[2m⏎\x1b[0m\n\x1b[${sgrColour('success')}m✓`,
  );
  expect(nsh.modes()).toMatchObject({ bracketedPasteMode: false, alternateScreen: true });
  nsh.write('q');
  await nsh.waitFor('❯');
  expect(nsh.modes()).toMatchObject({ bracketedPasteMode: true, alternateScreen: false });

  // Where the copy of this machine made room, the devbox has it.
  const copies = path.join(place.env.NSH_STATE_DIR ?? '', 'output');
  for (const name of readdirSync(copies)) rmSync(path.join(copies, name));
  writeFileSync(pager.file, '');
  nsh.write(':show 1\r');
  await nsh.waitFor('paging 3004 lines');
  expect(pager.given()).toContain(`${numbers}hostile`);
  // What is typed while the pager gives the terminal back is not lost, and Enter is Enter.
  nsh.write('q');
  await nsh.waitFor('cooked again');
  nsh.write('echo so far; sleep 1000\r');
  await nsh.waitFor(/^so far$/m);
  nsh.write('echo waits\r');
  await nsh.waitFor('queued #3');
  nsh.write(':show 3\r');
  await nsh.waitFor('#3 has not begun');
  nsh.write(':show 9\r:show none\r');
  await nsh.waitFor(/no block #9[\s\S]*:show takes the number/);
  // The newest, when no number is given.
  nsh.write(':show\r');
  await nsh.waitFor('paging 3 lines');
  expect(pager.given()).toContain(
    `so far\n\x1b[${sgrColour('muted')}m… #2 still runs, this is its output so far.\x1b[0m\n`,
  );
  nsh.write('q');
  await nsh.waitFor('❯');
});
