import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { parseCast, replay } from '../helpers/asciicast.ts';
import { createPlace } from '../helpers/repl.ts';

test('`:record` keeps what the terminal is sent, with resizes, overwrites nothing, and ends with the session', async () => {
  using place = createPlace();
  writeFileSync(path.join(place.cwd, 'kept.cast'), 'mine');
  using terminal = await place.open();
  terminal.write('echo before\r');
  await terminal.waitFor(/^✓/m);
  terminal.write(':record\r');
  await terminal.waitFor('Nothing is being recorded');
  terminal.write(':record kept.cast\r');
  await terminal.waitFor('kept.cast is there already');
  terminal.write(':record ~/one.cast\r');
  await terminal.waitFor('recording into ~/one.cast');
  terminal.write(':record two.cast\r');
  await terminal.waitFor('Being recorded into ~/one.cast already');
  terminal.write('echo a é🙂; seq 3\r');
  await terminal.waitFor(/^3\n✓/m);
  terminal.resize(60, 20);
  terminal.write('echo narrow\r');
  await terminal.waitFor(/^narrow\n✓/m);
  terminal.write(':record\r');
  await terminal.waitFor(/recorded \d+\.\ds into ~\/one\.cast/);
  terminal.write(':record two.cast\r');
  await terminal.waitFor('recording into');
  terminal.write('echo last\r');
  await terminal.waitFor(/^last\n✓/m);
  terminal.write('\x04');
  expect((await terminal.exited).exitCode).toBe(0);

  expect(readFileSync(path.join(place.cwd, 'kept.cast'), 'utf8')).toBe('mine');
  const one = parseCast(readFileSync(path.join(place.env.HOME ?? '', 'one.cast'), 'utf8'));
  expect(one).toMatchObject({ columns: 80, rows: 24, header: { term: { type: 'xterm-256color' } } });
  expect(one.events.filter(({ code }) => code !== 'o')).toMatchObject([{ code: 'r', data: '60x20' }]);
  const { history } = await replay(one);
  expect(history).toMatch(/^Being recorded[\s\S]*\n#2 echo a é🙂; seq 3\na é🙂\n1\n2\n3\n✓ \d/m);
  expect(history).not.toMatch(/before|recording into|recorded \d/);
  // The frame below it may be one behind.
  expect(history).toMatch(/\n#3 echo narrow\nnarrow\n✓ \d/);
  const two = parseCast(readFileSync(path.join(place.cwd, 'two.cast'), 'utf8'));
  expect(two).toMatchObject({ columns: 60, rows: 20 });
  expect(two.events.at(-1)).toMatchObject({ code: 'x', data: '0' });
  expect((await replay(two)).screen).toMatch(/^#4 echo last\nlast\n✓ \S+$/);
});
