import { readdirSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { expect, onTestFinished, test } from 'vitest';
import { routes } from '../../../src/api/routes.ts';
import { startTestDevbox, type TestDevbox } from '../../helpers/devbox-server.ts';
import { execute, launch, whenStatus } from './commands.ts';
import { EventReader } from './event-reader.ts';
import { type Answer, get, post, send } from './raw-client.ts';

const AT_ONCE = 8;

/** Requests over few connections that are kept: thousands of new ones would be what is measured. */
function keptConnections(devbox: TestDevbox) {
  const agent = new Agent({ keepAlive: true, maxSockets: AT_ONCE });
  onTestFinished(() => agent.destroy());
  const postKept = (path: string, body: unknown): Promise<Answer['body']> =>
    new Promise((resolve, reject) => {
      const options = { socketPath: devbox.server.socketPath ?? '', method: 'POST', path, agent };
      const outgoing = request(options, async (incoming) => {
        const chunks: Buffer[] = [];
        for await (const chunk of incoming) chunks.push(chunk as Buffer);
        resolve(JSON.parse(Buffer.concat(chunks).toString()));
      });
      outgoing.once('error', reject);
      outgoing.end(JSON.stringify(body));
    });
  return postKept;
}

/** Does `work` with each, a few at once. @returns ms for each */
async function timed<T>(things: readonly T[], work: (thing: T) => Promise<unknown>): Promise<number> {
  const start = performance.now();
  for (let at = 0; at < things.length; at += AT_ONCE) {
    await Promise.all(things.slice(at, at + AT_ONCE).map(work));
  }
  return (performance.now() - start) / things.length;
}

async function queueCancelDrain(
  devbox: TestDevbox,
  postKept: ReturnType<typeof keptConnections>,
  count: number,
) {
  const name = `queue-${count}-${performance.now()}`;
  const gate = await launch(devbox, 'cat >/dev/null', name, true);
  await whenStatus(devbox, gate, 'running');
  const ids: string[] = [];
  const enqueueMs = await timed([...Array(count).keys()], async (n) => {
    ids.push(
      (await postKept(routes.executeAsync('local'), { command: `echo ${n}`, shell_name: name })).execution_id,
    );
  });
  const { queue } = (await get(devbox, routes.shell('local', name))).body;
  expect(queue).toHaveLength(count + 1);
  // From the back: to a queue that is searched, the worst.
  const waiting = queue.slice(1).map((queued: { execution_id: string }) => queued.execution_id);
  const [keep, drop] = [0, 1].map((rest) => waiting.filter((_: string, n: number) => n % 2 === rest));
  const cancelMs = await timed(drop.reverse(), (id) => postKept(routes.kill('local', id as string), {}));
  const start = performance.now();
  await post(devbox, routes.sendStdIn('local', gate), { signal: 'EOF' });
  const last = await whenStatus(devbox, keep.at(-1));
  expect(last).toMatchObject({ exit_status: 0 });
  expect((await get(devbox, routes.shell('local', name))).body.queue).toEqual([]);
  return { enqueueMs, cancelMs, drainMs: (performance.now() - start) / keep.length };
}

test('10,000 commands wait in one shell: each costs what it costs among 100', async () => {
  await using devbox = await startTestDevbox();
  const postKept = keptConnections(devbox);
  await queueCancelDrain(devbox, postKept, 100);
  const few = await queueCancelDrain(devbox, postKept, 100);
  const many = await queueCancelDrain(devbox, postKept, 10_000);
  // A cost that grows with the queue would make these a hundredfold.
  expect(many.enqueueMs).toBeLessThan(few.enqueueMs * 4 + 0.5);
  expect(many.cancelMs).toBeLessThan(few.cancelMs * 4 + 0.5);
  expect(many.drainMs).toBeLessThan(few.drainMs * 4 + 0.5);
});

test('1,000 idle watchers have no timers of their own, and all see what happens', async () => {
  await using devbox = await startTestDevbox();
  await execute(devbox, ':', 'main');
  const timers = () => process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length;
  const path = routes.shellEvents('local', 'main');
  const before = timers();
  const readers: EventReader[] = [];
  await timed([...Array(1_000).keys()], async () => readers.push(await EventReader.open(devbox, path)));
  await Promise.all(readers.map((reader) => reader.first('snapshot')));
  expect(timers() - before).toBeLessThan(10);
  const { execution_id } = await execute(devbox, ':', 'main');
  await Promise.all(readers.map((reader) => reader.first('completed', execution_id)));
  for (const reader of readers) reader.incoming.destroy();
});

test('many shells at once each cost a handful of file descriptors, and give them back', async () => {
  await using devbox = await startTestDevbox();
  const open = () => readdirSync('/dev/fd').length;
  const names = Array.from({ length: 60 }, (_, n) => `shell-${n}`);
  await execute(devbox, ':', 'first');
  const before = open();
  await timed(names, (name) => send(devbox, { method: 'PUT', path: routes.shell('local', name), body: {} }));
  await timed(names, async (name) => {
    expect(await execute(devbox, `echo ${name}`, name)).toMatchObject({ stdout: `${name}\n` });
  });
  expect((open() - before) / names.length).toBeLessThan(16);
  await timed(names, (name) => post(devbox, routes.closeShell('local', name)));
  await expect.poll(() => open() - before, { timeout: 10_000 }).toBeLessThan(20);
});
