import { expect, test } from 'vitest';
import { createPlace } from '../helpers/repl.ts';

const RIGHT = '\x1b[C';
const ALT_F = '\x1bf';

test.each([
  { columns: 80, rows: 24 },
  { columns: 40, rows: 14 },
])(
  'a suggestion is dim, never sent by itself, and taken by Right or word by word, at $columns columns',
  async (size) => {
    await using place = createPlace();
    using nsh = await place.open([], size);
    nsh.write('echo first second third\r');
    await nsh.waitFor(/^✓/m);
    nsh.write('echo f');
    await nsh.waitFor('❯ echo first second third');
    expect(nsh.cursor().column).toBe('❯ echo f'.length);
    expect(nsh.raw()).toContain('\x1b[2mirst second third\x1b[22m');
    nsh.write(ALT_F);
    await nsh.waitFor(() => nsh.cursor().column === '❯ echo first'.length);
    nsh.write('\r');
    await nsh.waitFor(/^first$/m);
    nsh.write('echo first s');
    await nsh.waitFor('❯ echo first second third');
    nsh.write(`${RIGHT}\r`);
    await nsh.waitFor((screen) => screen.split(/^first second third$/m).length === 3);
  },
);

test('a long suggestion takes no further row', async () => {
  await using place = createPlace();
  using nsh = await place.open([], { columns: 40, rows: 14 });
  nsh.write(`: ${'x'.repeat(100)}\r`);
  await nsh.waitFor(/^✓/m);
  nsh.write(': x');
  const screen = await nsh.waitFor(/^❯ : x{34,36}…$/m);
  expect(screen).toMatch(/^❯ : x+…\nmain · local/m);
});

test('without colours, where it would look like what is typed, nothing is offered unless asked for', async () => {
  await using place = createPlace({ NO_COLOR: '1' });
  using nsh = await place.open();
  nsh.write('echo first second\r');
  await nsh.waitFor(/^✓/m);
  nsh.write('echo f');
  await nsh.waitFor(/^❯ echo f$/m);
  nsh.write('oo\r');
  await nsh.waitFor(/^foo$/m);
});
