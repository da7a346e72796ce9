import { afterAll, beforeAll, expect, test } from 'vitest';
import { routes } from '../../../src/api/routes.ts';
import { startTestDevbox, type TestDevbox } from '../../helpers/devbox-server.ts';
import { execute, launch, whenStatus } from './commands.ts';
import { applied, EventReader } from './event-reader.ts';
import { get, post, send } from './raw-client.ts';

let devbox: TestDevbox;
beforeAll(async () => {
  devbox = await startTestDevbox();
});
afterAll(() => devbox[Symbol.asyncDispose]());

const watch = (name: string, headers?: Record<string, string>, query = '') =>
  EventReader.open(devbox, routes.shellEvents('local', name) + query, headers);
const endInput = (id: string) => post(devbox, routes.sendStdIn('local', id), { signal: 'EOF' });

test('whoever watches a shell before it exists sees it come, run a command and go', async () => {
  const reader = await watch('whole');
  expect(await reader.first('snapshot')).toMatchObject({
    devbox_id: 'local',
    shell_name: 'whole',
    shells: [],
    missed: false,
  });
  expect(reader.incoming.headers['content-type']).toBe('text/event-stream');
  const before = Date.now();
  const { execution_id } = await execute(devbox, 'cd /tmp; (exit 3)', 'whole');
  await post(devbox, routes.closeShell('local', 'whole'));
  await reader.first('shell_closed');
  expect(reader.types()).toEqual([
    'snapshot',
    'queued',
    'shell_opened',
    'started',
    'completed',
    'cwd_changed',
    'shell_closed',
  ]);
  const [, queued, opened, started, completed, moved, closed] = reader.events;
  expect(queued).toMatchObject({ shell_name: 'whole', execution_id, command: 'cd /tmp; (exit 3)' });
  expect(opened).toMatchObject({ cwd: devbox.home, fresh_shell: false, pid: expect.any(Number) });
  expect(started).not.toHaveProperty('fresh_shell');
  expect(completed).toMatchObject({
    execution_id,
    execution: { status: 'completed', exit_status: 3, nsh: { end_reason: 'exited', cwd: '/tmp' } },
  });
  expect(completed?.execution).not.toHaveProperty('stdout');
  expect(moved).toMatchObject({ cwd: '/tmp' });
  expect(closed).toMatchObject({ reason: 'request', message: 'the shell was closed' });
  for (const [index, event] of reader.events.entries()) {
    if (index > 0) expect(event.seq).toBeGreaterThan(reader.events[index - 1]?.seq ?? Infinity);
    expect(event.time_ms).toBeGreaterThanOrEqual(before - 5000);
    expect(event.time_ms).toBeLessThanOrEqual(Date.now());
  }
});

test('a snapshot is the shell as it is, with its queue', async () => {
  const running = await launch(devbox, 'cat >/dev/null', 'snapshot', true);
  const waiting = await launch(devbox, 'echo 1', 'snapshot');
  await whenStatus(devbox, running, 'running');
  const view = async () => (await get(devbox, routes.shell('local', 'snapshot'))).body;
  await expect.poll(async () => (await view()).queue[0].waits_for_input).toBe(true);
  const { shells } = await (await watch('snapshot')).first('snapshot');
  expect(shells).toEqual([await view()]);
  expect(shells[0]?.queue.map(({ execution_id }) => execution_id)).toEqual([running, waiting]);
  await endInput(running);
  await whenStatus(devbox, waiting);
});

test('ten clients on one shell see the same queue in the same order', async () => {
  const gate = await launch(devbox, 'cat >/dev/null', 'ten', true);
  await whenStatus(devbox, gate, 'running');
  const readers = await Promise.all(Array.from({ length: 10 }, () => watch('ten')));
  await Promise.all(readers.map((reader) => reader.first('snapshot')));
  const ids = await Promise.all(
    Array.from({ length: 10 }, async (_, client) => {
      const own: string[] = [];
      for (let n = 0; n < 10; n++) own.push(await launch(devbox, `echo ${client} ${n} >>ten.txt`, 'ten'));
      if (client % 3 === 0) await post(devbox, routes.kill('local', own[5] ?? ''));
      return own;
    }),
  );
  const queue = (await get(devbox, routes.shell('local', 'ten'))).body.queue;
  await endInput(gate);
  const last = await launch(devbox, 'echo the end', 'ten');
  await Promise.all(readers.map((reader) => reader.first('completed', last)));
  const [first, ...others] = readers.map((reader) =>
    reader.events.filter((event) => event.type !== 'snapshot'),
  );
  for (const other of others) expect(other).toEqual(first);
  const order = (type: string) =>
    first?.filter((event) => event.type === type).map((event) => event.execution_id);
  expect(new Set(order('queued'))).toEqual(new Set([...ids.flat(), last]));
  expect(order('cancelled')).toHaveLength(4);
  const ran = order('queued')?.filter((id) => order('cancelled')?.includes(id) === false);
  // Whoever looked at the queue saw the order in which they then ran.
  expect(queue.map((queued: { execution_id: string }) => queued.execution_id)).toEqual(
    [gate, ...(ran ?? [])].slice(0, -1),
  );
  expect(order('started')).toEqual(ran);
  expect(order('completed')).toEqual([gate, ...(ran ?? [])]);
});

test('exit: what waits is cancelled, the command completes, the shell has ended; the next bash is fresh', async () => {
  const gate = await launch(devbox, 'cat >/dev/null', 'exit', true);
  const reader = await watch('exit');
  await reader.first('snapshot');
  const exit = await launch(devbox, 'cd /; exit 3', 'exit');
  const behind = await launch(devbox, 'echo never', 'exit');
  await endInput(gate);
  await whenStatus(devbox, behind);
  const next = await launch(devbox, 'echo again', 'exit');
  await reader.first('completed', next);
  const told = reader.events.slice(reader.events.findIndex((event) => event.type === 'cancelled'));
  expect(told).toMatchObject([
    {
      type: 'cancelled',
      execution_id: behind,
      execution: { nsh: { message: expect.stringContaining('exited with 3') } },
    },
    {
      type: 'completed',
      execution_id: exit,
      execution: { exit_status: 3, nsh: { end_reason: 'shell_ended' } },
    },
    { type: 'shell_ended', message: 'bash exited with 3', cwd: devbox.home },
    { type: 'queued', execution_id: next },
    { type: 'shell_opened', fresh_shell: true, cwd: devbox.home },
    { type: 'started', execution_id: next, fresh_shell: true },
    { type: 'completed', execution_id: next },
  ]);
});

test('a bash that is killed while idle has ended', async () => {
  await execute(devbox, ':', 'killed');
  const reader = await watch('killed');
  const { shells } = await reader.first('snapshot');
  process.kill(shells[0]?.pid ?? 0, 'SIGKILL');
  expect(await reader.first('shell_ended')).toMatchObject({ message: expect.stringContaining('SIGKILL') });
  expect(reader.types()).toEqual(['snapshot', 'shell_ended']);
});

test('sizes of output are told while it comes, not for every write', async () => {
  const reader = await watch('sizes');
  const id = await launch(
    devbox,
    'for i in {1..100}; do echo $i; echo e >&2; sleep 0.01; done; cat',
    'sizes',
    true,
  );
  const all = await reader.until((event) => event.type === 'output' && event.stdout_bytes === 292);
  expect(all).toMatchObject({ execution_id: id, stderr_bytes: 200 });
  const outputs = reader.events.filter((event) => event.type === 'output');
  expect(outputs.length).toBeGreaterThan(2);
  const ms = all.time_ms - (await reader.first('started', id)).time_ms;
  expect(outputs.length).toBeLessThanOrEqual(ms / 90 + 2);
  await endInput(id);
  expect((await reader.first('completed', id)).execution.nsh).toMatchObject({
    stdout_bytes: 292,
    stderr_bytes: 200,
  });
});

test('a client that was cut off goes on after the last event it had', async () => {
  const reader = await watch('resume');
  await execute(devbox, 'echo 1', 'resume');
  const seen = await reader.first('started');
  await execute(devbox, 'echo 2', 'resume');
  await execute(devbox, 'echo elsewhere', 'other');
  const rest = (events: EventReader) =>
    events.until((event) => event.type === 'completed' && event.seq > second.seq);
  const second = (await reader.until((event) => event.type === 'queued' && event.command === 'echo 2')) as {
    seq: number;
  };
  await rest(reader);
  const expected = reader.events.filter((event) => event.seq > seen.seq && event.type !== 'output');
  for (const [headers, query] of [
    [{ 'last-event-id': String(seen.seq) }, ''],
    [{}, `?after=${seen.seq}`],
    // Browsers repeat the query of the first connection and send the header beside it.
    [{ 'last-event-id': String(seen.seq) }, '?after=1'],
  ] as const) {
    const resumed = await watch('resume', headers, query);
    await rest(resumed);
    expect(resumed.events.filter((event) => event.type !== 'output')).toEqual(expected);
  }
});

test.each([
  ['of an earlier server', '5'],
  ['from the future', String(Number.MAX_SAFE_INTEGER)],
])('an event %s is answered with a snapshot that says so', async (_, id) => {
  await execute(devbox, ':', 'old');
  const reader = await watch('old', { 'last-event-id': id });
  expect(await reader.first('snapshot')).toMatchObject({ missed: true, shells: [{ shell_name: 'old' }] });
});

test.each(['-1', 'x', '1.5'])('an event id %s is refused', async (id) => {
  const path = routes.shellEvents('local', 'main');
  expect(await get(devbox, path, { 'last-event-id': id })).toMatchObject({
    status: 400,
    body: { code: 'query_invalid' },
  });
  expect(await get(devbox, `${path}?after=${id}`)).toMatchObject({
    status: 400,
    body: { code: 'query_invalid' },
  });
});

test('a bad name or devbox is refused', async () => {
  expect((await get(devbox, routes.shellEvents('local', 'a\nb'))).body.code).toBe('shell_name_invalid');
  expect((await get(devbox, routes.devboxEvents('dbx_none'))).body.code).toBe('devbox_not_found');
});

test('HEAD is answered at once', async () => {
  const answer = await send(devbox, { method: 'HEAD', path: routes.devboxEvents('local') });
  expect(answer.status).toBe(200);
});

test('the snapshot of all shells and its events make up the state of all shells', async () => {
  await execute(devbox, ':', 'all-before');
  const reader = await EventReader.open(devbox, routes.devboxEvents('local'));
  await reader.first('snapshot');
  const gate = await launch(devbox, 'cat >/dev/null', 'all-busy', true);
  const waiting = await launch(devbox, 'echo 1', 'all-busy');
  const cancelled = await launch(devbox, 'echo 2', 'all-busy');
  await post(devbox, routes.kill('local', cancelled));
  await execute(devbox, 'exit', 'all-ended');
  await execute(devbox, ':', 'all-closed');
  await post(devbox, routes.closeShell('local', 'all-closed'));
  // A command without a shell is not told of.
  await execute(devbox, ':');
  await reader.until((event) => event.type === 'shell_closed' && event.shell_name === 'all-closed');
  const shells = applied(reader.events);
  expect(shells.get('all-busy')?.queue).toEqual([gate, waiting]);
  expect(shells.get('all-ended')?.state).toBe('ended');
  expect(shells.has('all-closed')).toBe(false);
  const views = (await get(devbox, routes.shells('local'))).body.shells;
  expect([...shells.keys()].sort()).toEqual(
    views.map((view: { shell_name: string }) => view.shell_name).sort(),
  );
  await endInput(gate);
  await whenStatus(devbox, waiting);
});

test('the stream of a devbox that is shut down ends cleanly, after the last event', async () => {
  const { id } = (await post(devbox, routes.devboxes())).body;
  await post(devbox, routes.execute(id), { command: ':', command_id: 'one', shell_name: 'main' });
  const reader = await EventReader.open(devbox, routes.devboxEvents(id));
  await reader.first('snapshot');
  await post(devbox, routes.shutdown(id));
  await reader.end();
  expect(reader.incoming.complete).toBe(true);
  expect(reader.events.at(-1)).toMatchObject({ type: 'shell_closed', reason: 'devbox_shutdown' });
});
