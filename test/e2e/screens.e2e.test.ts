import { test } from 'vitest';
import { palette } from '../../src/repl/output/palette.ts';
import { createPlace } from '../helpers/repl.ts';
import { matchesPicture } from '../helpers/screens.ts';

const LONG = `echo ${'a long line is cut in the queue '.repeat(4)}`;

test.for([
  { columns: 80, rows: 24 },
  { columns: 40, rows: 24 },
])(
  'the main screens at $columns columns are as they were looked at',
  async ({ columns, rows }, { expect }) => {
    await using place = createPlace();
    using nsh = await place.open([], { columns, rows, cwd: '/usr' });
    const picture = async (name: string, condition: string | RegExp) => {
      await matchesPicture(expect, await nsh.waitFor(condition), `${columns}-${name}`);
      // Legible on a light ground as on a dark one: what is coloured has a colour of the palette, and its contrast.
      const used = Array.from({ length: rows }, (_, row) => nsh.styles(row)).flat();
      expect(Object.values(palette)).toEqual(
        expect.arrayContaining(used.flatMap(({ color }) => color ?? [])),
      );
    };

    await picture('welcome', /❯\s*\nmain · local · \/usr · connected$/);

    nsh.write(`sleep 1000\recho two\r${LONG}\rhalf a li`);
    await picture(
      'running-and-queued',
      /^#1 sleep.*\n.*running.*\n.*queued #2.*\n.*queued #3.*\n❯ half a li/m,
    );

    nsh.write('\x15\x03');
    await nsh.waitFor(/^✓ \S+\n❯/m);
    nsh.write('\x0ccd /no-such-folder\r(exit 3)\r');
    await picture('failed', /✗ exit 3 · \S+\n❯\s*\nmain · local · /);

    nsh.write('\x0c:re\t');
    await picture('menu', /restart-server[\s\S]*❯ :re[\s\S]*\d\/\d/);
    nsh.write('\x1b');
    await nsh.waitFor((screen) => !screen.includes('restart-server'));

    nsh.write('\x15\x12echo');
    await picture('search', /^› .*\nsearch this shell: echo\n1\/2/m);
    nsh.write('\x1b');
    await nsh.waitFor('connected');

    nsh.write('\x15:status\r');
    await picture('status', /^:status\n[\s\S]*❯\s*\nmain/m);
    nsh.write('\x1bOP');
    await picture('help', /:help keys[\s\S]*❯\s*\nmain · local · \/usr · connected$/);
  },
);
