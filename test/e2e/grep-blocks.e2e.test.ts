import { expect, test } from 'vitest';
import { createPlace } from '../helpers/repl.ts';

const sizes = [
  [80, 24],
  [40, 14],
] as const;

test.each(sizes)(
  'at %dx%d: :grep finds lines in the output of the session, and no pattern stops the keys',
  async (columns, rows) => {
    await using place = createPlace();
    using nsh = await place.open([], { columns, rows });
    nsh.write(':grep early\r');
    await nsh.waitFor('Nothing has run yet');
    nsh.write('seq 1000 | sed "s/^/line /"; printf "%300s needle\\n" Before\r');
    await nsh.waitFor(/needle\n✓/);
    nsh.write('printf "%060d!\\n" 0 | tr 0 a\r');
    await nsh.waitFor(/a!\n✓/);
    nsh.write(':grep LINE .*77$\r');
    await nsh.waitFor('No line matches LINE .*77$');
    nsh.write(':grep line .*77$\r');
    const found = await nsh.waitFor('10 lines in 1 of 2 commands');
    expect(found).toMatch(/^#1:677: line 677\n#1:777: line 777\n#1:877: line 877\n#1:977: line 977$/m);
    // A long line is cut around what matches, to one row.
    nsh.write(':grep Needle|before\r');
    await nsh.waitFor('No line matches Needle');
    nsh.write(':grep needle\r');
    const cut = await nsh.waitFor('1 line in 1 of 2 commands');
    expect(cut).toMatch(/^#1:1001: … +Before needle$/m);
    nsh.write(':grep (a+)+$\r');
    nsh.write('typed meanwhile');
    await nsh.waitFor('The pattern takes too long');
    await nsh.waitFor('❯ typed meanwhile');
    // What is asked behind a search is answered behind it.
    nsh.write('\x15:grep (a+)+$\r:status\r');
    await nsh.waitFor(/in the output of\s+2 commands\.\n:status\nshell /);
    nsh.write(':grep (\r');
    await nsh.waitFor('`(` is no regular expression:');
  },
);
