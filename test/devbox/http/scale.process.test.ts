import { readdirSync, readFileSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { routes } from '../../../src/api/routes.ts';
import { startTestDevbox, type TestDevbox } from '../../helpers/devbox-server.ts';
import { childrenOf, cpuTicks, proportionalBytes, residentBytes } from '../../helpers/process-facts.ts';
import { BodyReader } from './body-reader.ts';
import { type ChildDevbox, startChildDevbox } from './child-devbox.ts';
import { execute, launch, whenStatus } from './commands.ts';
import { EventReader } from './event-reader.ts';
import { type Answer, get, post } from './raw-client.ts';

const AT_ONCE = 8;
const KIB = 2 ** 10;
const MIB = 2 ** 20;
const onLinux = test.skipIf(process.platform !== 'linux');

/** Requests over few connections that are kept: thousands of new ones would be what is measured. */
function keptConnections(devbox: TestDevbox) {
  const agent = new Agent({ keepAlive: true, maxSockets: AT_ONCE });
  onTestFinished(() => agent.destroy());
  return (method: string, path: string, body: unknown = {}): Promise<Answer['body']> =>
    new Promise((resolve, reject) => {
      const options = { socketPath: devbox.server.socketPath ?? '', method, path, agent };
      const outgoing = request(options, async (incoming) => {
        const chunks: Buffer[] = [];
        for await (const chunk of incoming) chunks.push(chunk as Buffer);
        resolve(JSON.parse(Buffer.concat(chunks).toString()));
      });
      outgoing.once('error', reject);
      outgoing.end(JSON.stringify(body));
    });
}
type Send = ReturnType<typeof keptConnections>;

/** Does `work` with each, a few at once. */
async function each<T>(things: readonly T[], work: (thing: T) => Promise<unknown>): Promise<void> {
  for (let at = 0; at < things.length; at += AT_ONCE) {
    await Promise.all(things.slice(at, at + AT_ONCE).map(work));
  }
}

const upTo = (count: number) => [...Array(count).keys()];

/** The server's own CPU time for each of `count` things, ticks of 10 ms: what else the machine does is not in it. */
async function ticksFor(devbox: ChildDevbox, count: number, work: () => Promise<unknown>): Promise<number> {
  const before = cpuTicks(devbox.pid);
  await work();
  return (cpuTicks(devbox.pid) - before) / count;
}

/** However many holds it takes. */
async function completed(devbox: TestDevbox, executionId: string): Promise<Answer['body']> {
  for (;;) {
    const body = { statuses: ['completed'] };
    const answer = await post(devbox, routes.waitForExecution('local', executionId), body);
    if (answer.status === 200) return answer.body;
    expect(answer.body.code).toBe('status_not_reached');
  }
}

async function queueCancelDrain(devbox: ChildDevbox, send: Send, count: number) {
  const name = `queue-${count}-${performance.now()}`;
  const gate = await launch(devbox, 'rm -f order; cat >/dev/null', name, true);
  await whenStatus(devbox, gate, 'running');
  const accepted: string[] = [];
  const before = residentBytes(devbox.pid);
  const enqueue = await ticksFor(devbox, count, () =>
    each(upTo(count), async (n) => {
      const body = { command: `echo ${n} >>order`, shell_name: name };
      accepted.push((await send('POST', routes.executeAsync('local'), body)).execution_id);
    }),
  );
  const memory = (residentBytes(devbox.pid) - before) / count;
  const { queue } = (await get(devbox, routes.shell('local', name))).body;
  const waiting: { execution_id: string; command: string }[] = queue.slice(1);
  expect(waiting.map(({ execution_id }) => execution_id).sort()).toEqual(accepted.sort());
  const kept = waiting.filter((_, n) => n % 4 === 0);
  // From the back: to a queue that is searched, the worst.
  const dropped = waiting.filter((_, n) => n % 4 !== 0).reverse();
  const cancel = await ticksFor(devbox, dropped.length, () =>
    each(dropped, ({ execution_id }) => send('POST', routes.kill('local', execution_id))),
  );
  const drain = await ticksFor(devbox, kept.length, async () => {
    await post(devbox, routes.sendStdIn('local', gate), { signal: 'EOF' });
    expect(await completed(devbox, kept.at(-1)?.execution_id ?? '')).toMatchObject({ exit_status: 0 });
  });
  expect((await get(devbox, routes.shell('local', name))).body.queue).toEqual([]);
  const ran = readFileSync(join(devbox.home, 'order'), 'utf8').trimEnd().split('\n');
  expect(ran.map((n) => `echo ${n} >>order`)).toEqual(kept.map(({ command }) => command));
  return { enqueue, cancel, drain, memory };
}

onLinux(
  '10,000 commands wait in one shell, run in order, and each costs what it costs among 1,000',
  { timeout: 180_000 },
  async () => {
    await using devbox = await startChildDevbox(':');
    const send = keptConnections(devbox);
    await queueCancelDrain(devbox, send, 1_000);
    const few = await queueCancelDrain(devbox, send, 1_000);
    const many = await queueCancelDrain(devbox, send, 10_000);
    expect(many.memory).toBeLessThan(25 * KIB);
    // A cost that grows with the queue would make these tenfold. A tick is the least that can be seen.
    for (const cost of ['enqueue', 'cancel', 'drain'] as const) {
      expect(many[cost], cost).toBeLessThan(few[cost] * 3 + 5 / 1_000);
    }
  },
);

test('1,000 idle watchers have no timers of their own, and all see what happens', async () => {
  await using devbox = await startTestDevbox();
  await execute(devbox, ':', 'main');
  const timers = () => process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length;
  const path = routes.shellEvents('local', 'main');
  const before = timers();
  const readers: EventReader[] = [];
  await each(upTo(1_000), async () => readers.push(await EventReader.open(devbox, path)));
  await Promise.all(readers.map((reader) => reader.first('snapshot')));
  expect(timers() - before).toBeLessThan(10);
  const { execution_id } = await execute(devbox, ':', 'main');
  await Promise.all(readers.map((reader) => reader.first('completed', execution_id)));
  for (const reader of readers) reader.incoming.destroy();
});

onLinux('1,000 idle readers of one output cost some KiB each, and all get the line that comes', async () => {
  await using devbox = await startChildDevbox(':');
  const id = await launch(devbox, 'cat', 'main', true);
  await whenStatus(devbox, id, 'running');
  const before = residentBytes(devbox.pid);
  const paths = [routes.stream('local', id, 'stdout'), routes.output('local', id, 'stdout')];
  const readers: BodyReader[] = [];
  await each(upTo(1_000), async (n) => readers.push(await BodyReader.open(devbox, paths[n % 2] ?? '')));
  expect((residentBytes(devbox.pid) - before) / readers.length).toBeLessThan(60 * KIB);
  const line = `${'x'.repeat(100)}\n`;
  await post(devbox, routes.sendStdIn('local', id), { text: line });
  for (const reader of readers) expect(String(await reader.atLeast(line.length))).toContain('x'.repeat(100));
  await post(devbox, routes.sendStdIn('local', id), { signal: 'EOF' });
  expect(await Promise.all(readers.map((reader) => reader.ended))).toEqual(readers.map(() => true));
});

onLinux(
  '500 shells live at once: each answers, costs little, and gives everything back',
  { timeout: 180_000 },
  async () => {
    await using devbox = await startChildDevbox(':');
    const send = keptConnections(devbox);
    const names = upTo(500).map((n) => `shell-${n}`);
    await execute(devbox, ':', 'first');
    const measure = () => ({
      memory: residentBytes(devbox.pid),
      files: readdirSync(`/proc/${devbox.pid}/fd`).length,
      processes: childrenOf(devbox.pid).length,
    });
    const before = measure();
    await each(names, (name) =>
      send('POST', routes.executeAsync('local'), { command: `A=${name}`, shell_name: name }),
    );
    await each(names, async (name) => {
      const body = { command: 'echo $A', shell_name: name };
      expect(await send('POST', routes.executeSync('local'), body)).toMatchObject({ stdout: `${name}\n` });
    });
    const alive = measure();
    const own = childrenOf(devbox.pid);
    expect((alive.files - before.files) / names.length).toBeLessThan(16);
    expect((alive.memory - before.memory) / names.length).toBeLessThan(200 * KIB);
    // Bash and its keeper; what they share with all others is told only in part.
    expect(alive.processes - before.processes).toBe(2 * names.length);
    expect(own.reduce((sum, pid) => sum + proportionalBytes(pid), 0) / own.length).toBeLessThan(2 * MIB);
    const closing = await ticksFor(devbox, names.length, () =>
      Promise.all(names.map((name) => post(devbox, routes.closeShell('local', name)))),
    );
    // Each with a look of its own at thousands of processes took ten times as long.
    expect(closing).toBeLessThan(1);
    await expect.poll(() => measure().files - before.files, { timeout: 20_000 }).toBeLessThan(20);
    await expect.poll(() => measure().processes, { timeout: 20_000 }).toBe(before.processes);
  },
);
