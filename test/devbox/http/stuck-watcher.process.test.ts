import { expect, test } from 'vitest';
import { routes } from '../../../src/api/routes.ts';
import { startTestDevbox } from '../../helpers/devbox-server.ts';
import { execute } from './commands.ts';
import { EventReader } from './event-reader.ts';
import { open } from './raw-client.ts';

const MIB = 2 ** 20;

test('a watcher that does not read slows nobody, costs little, and is told what it missed when it reads', async () => {
  await using devbox = await startTestDevbox();
  const path = routes.shellEvents('local', 'main');
  const stuck = await Promise.all(Array.from({ length: 20 }, () => open(devbox, { method: 'GET', path })));
  const quick = await EventReader.open(devbox, path);
  const long = `: ${'x'.repeat(500_000)}`;
  await execute(devbox, long, 'main');
  global.gc?.();
  const before = process.memoryUsage().rss;
  for (let n = 0; n < 50; n++) await execute(devbox, `${long}${n}`, 'main');
  // Each of the twenty has missed about 50 MB of events.
  expect(process.memoryUsage().rss - before).toBeLessThan(300 * MIB);
  const { execution_id } = await execute(devbox, 'echo the end', 'main');
  await quick.first('completed', execution_id);
  expect(quick.events.filter((event) => event.type === 'completed')).toHaveLength(52);
  const [incoming] = stuck;
  if (incoming === undefined) throw new Error('There is no stuck connection.');
  const late = new EventReader(incoming);
  late.read();
  const { seq, shells } = (await late.until((event) => event.type === 'snapshot' && event.missed)) as {
    seq: number;
    shells: unknown[];
  };
  expect(shells).toMatchObject([{ shell_name: 'main', state: 'idle', queue: [] }]);
  expect(seq).toBe(quick.events.at(-1)?.seq);
  expect(late.events.filter((event) => event.type === 'snapshot')).toHaveLength(2);
  await execute(devbox, 'echo goes on', 'main');
  await late.until((event) => event.type === 'queued' && event.command === 'echo goes on');
  for (const other of stuck) other.destroy();
});
