import { randomUUID } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { routes } from '../../../src/api/routes.ts';
import { readProcess } from '../../../src/devbox/engine/processes/process-table.ts';
import { startTestDevbox, type TestDevbox } from '../../helpers/devbox-server.ts';
import { get, post } from './raw-client.ts';
import { startSmallDevbox } from './small-devbox.ts';

let devbox: TestDevbox;
beforeAll(async () => {
  devbox = await startTestDevbox();
});
afterAll(() => devbox[Symbol.asyncDispose]());

const create = async (body: unknown = {}) => (await post(devbox, routes.devboxes(), body)).body;
const run = async (id: string, command: string, on = devbox) =>
  (await post(on, routes.execute(id), { command, command_id: randomUUID(), shell_name: 'main' })).body;

test('the devbox local is always there', async () => {
  const answer = await get(devbox, routes.devbox('local'));
  expect(answer.body).toMatchObject({ id: 'local', name: 'local', status: 'running', end_time_ms: null });
});

test('a created devbox has its name, metadata, variables and a home of its own', async () => {
  const view = (
    await post(devbox, routes.createAndAwaitRunning(), {
      name: 'mine',
      metadata: { team: 'a' },
      environment_variables: { GREETING: 'hello' },
      launch_parameters: { resource_size_request: 'SMALL' },
    })
  ).body;
  expect(view).toMatchObject({ name: 'mine', status: 'running', metadata: { team: 'a' } });
  expect(view.launch_parameters).toEqual({ resource_size_request: 'SMALL' });
  expect(view.id).toMatch(/^dbx_/);
  const home = join(devbox.stateDir, 'devboxes', view.id, 'home');
  expect((await run(view.id, 'echo $GREETING $HOME $PWD')).stdout).toBe(`hello ${home} ${home}\n`);
  expect((await get(devbox, routes.devbox(view.id))).body).toEqual(view);
});

test.each([
  ['a blueprint', { blueprint_id: 'bpt_1' }, 'not_offered', 'blueprint_id'],
  ['launch commands', { launch_parameters: { launch_commands: ['ls'] } }, 'not_offered', 'launch_commands'],
  ['a variable no shell can have', { environment_variables: { 'A B': '1' } }, 'environment_invalid', 'A B'],
  [
    'what is promised of a network',
    { launch_parameters: { network_policy_id: 'np_1' } },
    'not_offered',
    'network_policy_id',
  ],
  [
    'two times that are not the same',
    {
      launch_parameters: {
        after_idle: { idle_time_seconds: 1, on_idle: 'suspend' },
        lifecycle: { after_idle: { idle_time_seconds: 2, on_idle: 'suspend' } },
      },
    },
    'launch_parameters_invalid',
    'not the same',
  ],
  [
    'a life of more than 48 hours',
    { launch_parameters: { keep_alive_time_seconds: 172_801 } },
    'launch_parameters_invalid',
    'keep_alive_time_seconds',
  ],
  ['metadata of another type', { metadata: { a: 1 } }, 'body_invalid', 'metadata.a'],
])('create refuses %s, by its name', async (_, body, code, word) => {
  const answer = await post(devbox, routes.devboxes(), body);
  expect(answer).toMatchObject({ status: 400, body: { code } });
  expect(answer.body.message).toContain(word);
});

test('more devboxes than there may be are refused, also at once; a shutdown makes room and frees its descriptor', async () => {
  await using small = await startSmallDevbox(2 ** 20, [], 3);
  const descriptors = () => readdirSync('/dev/fd').length;
  const answers = await Promise.all(Array.from({ length: 5 }, () => post(small, routes.devboxes(), {})));
  expect(answers.map(({ status }) => status).sort()).toEqual([200, 200, 200, 429, 429]);
  expect(answers.find(({ status }) => status === 429)).toMatchObject({
    body: { code: 'too_many_devboxes', message: expect.stringContaining('3 are the most') },
    headers: { 'x-should-retry': 'false' },
  });
  const [id, ...others] = answers.flatMap(({ status, body }) => (status === 200 ? [body.id] : []));
  const before = descriptors();
  await post(small, routes.shutdown(id), {});
  expect(descriptors()).toBe(before - 1);
  await post(small, routes.suspend(others[0]), {});
  expect((await post(small, routes.devboxes(), {})).status).toBe(200);
  expect((await post(small, routes.devboxes(), {})).status).toBe(429);
});

test('nothing asked for is nothing refused', async () => {
  expect((await post(devbox, routes.devboxes(), { blueprint_id: null, mounts: [], name: null })).status).toBe(
    200,
  );
});

test('the list comes in pages, by status, the newest first after local', async () => {
  await using own = await startTestDevbox();
  const ids: string[] = [];
  for (let n = 0; n < 5; n++) ids.unshift((await post(own, routes.devboxes(), {})).body.id);
  const list = async (query: string) => (await get(own, `${routes.devboxes()}?${query}`)).body;
  const idsOf = (page: { devboxes: { id: string }[] }) => page.devboxes.map(({ id }) => id);
  const first = await list('limit=4');
  expect(first).toMatchObject({ has_more: true, total_count: 6 });
  expect(idsOf(first)).toEqual(['local', ...ids.slice(0, 3)]);
  const second = await list(`limit=4&starting_after=${ids[2]}`);
  expect(idsOf(second)).toEqual(ids.slice(3));
  expect(second.has_more).toBe(false);
  await post(own, routes.shutdown(ids[1] ?? ''));
  expect(idsOf(await list('status=shutdown'))).toEqual([ids[1]]);
  expect(await list(`status=running&starting_after=${ids[1]}`)).toMatchObject({ total_count: 5 });
  expect((await get(own, `${routes.devboxes()}?status=asleep`)).body.code).toBe('status_unknown');
  expect((await get(own, `${routes.devboxes()}?starting_after=x`)).body.code).toBe('cursor_unknown');
  expect((await get(own, `${routes.devboxes()}?limit=0`)).body.code).toBe('query_invalid');
});

test('wait_for_status answers at once what is so, and holds for what is not', async () => {
  const wait = (statuses: string[]) =>
    post(devbox, routes.waitForDevbox('local'), { statuses, timeout_seconds: 0.05 });
  expect((await wait(['running', 'failure'])).body.id).toBe('local');
  // The official client of Python asks for 30 s, and for more where its own time is longer.
  const long = { statuses: ['running'], timeout_seconds: 600 };
  expect((await post(devbox, routes.waitForDevbox('local'), long)).status).toBe(200);
  const answer = await wait(['suspended']);
  expect(answer.status).toBe(408);
  expect(answer.headers['x-should-retry']).toBe('true');
});

test('wait_for_status holds for the end of a devbox', async () => {
  const { id } = await create();
  const wait = (more: object) => post(devbox, routes.waitForDevbox(id), { statuses: ['shutdown'], ...more });
  const early = await wait({ timeout_seconds: 0.05 });
  expect(early).toMatchObject({ status: 408, headers: { 'x-should-retry': 'true' } });
  const waiting = wait({});
  await post(devbox, routes.shutdown(id));
  expect((await waiting).body).toMatchObject({ id, status: 'shutdown', shutdown_reason: 'api_shutdown' });
});

test('the end of the server is not the end of a devbox', async () => {
  const own = await startTestDevbox();
  const { id } = (await post(own, routes.devboxes(), {})).body;
  const waiting = post(own, routes.waitForDevbox(id), { statuses: ['shutdown'] });
  // Whoever is answered, comes after the wait: both are on connections of their own, accepted in order.
  await get(own, routes.devbox(id));
  await own[Symbol.asyncDispose]();
  expect(
    await waiting.then(
      ({ status }) => status,
      () => 'cut',
    ),
  ).not.toBe(200);
});

test('keep_alive', async () => {
  expect((await post(devbox, routes.keepAlive('local'))).body).toEqual({});
});

test('shutdown ends the devbox for good, with its commands and its home', async () => {
  const { id } = await create();
  const running = (await post(devbox, routes.executeAsync(id), { command: 'sleep 1000' })).body.execution_id;
  const view = (await post(devbox, routes.shutdown(id))).body;
  expect(view).toMatchObject({ status: 'shutdown' });
  expect(view.end_time_ms).toBeGreaterThanOrEqual(view.create_time_ms);
  expect((await get(devbox, routes.execution(id, running))).body.status).toBe('completed');
  expect(await readdir(join(devbox.stateDir, 'devboxes', id))).not.toContain('home');
  const refused = await post(devbox, routes.executeAsync(id), { command: ':' });
  expect(refused).toMatchObject({ status: 409, body: { code: 'devbox_not_running' } });
  expect((await post(devbox, routes.shutdown(id))).body).toEqual(view);
});

test.each(['shutdown', 'suspend', 'devbox'] as const)('local is not for %s', async (route) => {
  const answer = await post(devbox, routes[route]('local'));
  expect(answer).toMatchObject({ status: 409, body: { code: 'devbox_permanent' } });
  // The official clients would ask again, six times in a minute.
  expect(answer.headers['x-should-retry']).toBe('false');
});

test('suspend ends every process of a devbox, also those that have left their shell', async () => {
  const { id } = await create();
  const started = await post(devbox, routes.executeSync(id), {
    command: 'sleep 1000 & setsid sleep 1000 & echo $!; jobs -p',
  });
  const pids = started.body.stdout.trim().split('\n').map(Number);
  expect(pids).toHaveLength(3);
  await run(id, 'sleep 1000 & cd /; A=1');
  const waiting = post(devbox, routes.executeSync(id), { command: 'sleep 1000', shell_name: 'main' });
  const shells = () => get(devbox, routes.shells(id));
  await expect.poll(async () => (await shells()).body.shells[0]?.state).toBe('running');
  expect((await post(devbox, routes.suspend(id))).body).toMatchObject({ status: 'suspended' });
  expect((await waiting).body.exit_status).toBeGreaterThan(128);
  // Ended, though perhaps nobody has taken note of it yet.
  for (const pid of pids) expect(readProcess(pid)?.state ?? 'Z').toBe('Z');
  expect((await shells()).body.shells).toEqual([]);
  expect((await post(devbox, routes.executeAsync(id), { command: ':' })).body.code).toBe(
    'devbox_not_running',
  );
  expect((await post(devbox, routes.keepAlive(id))).body.code).toBe('devbox_not_running');
  expect((await post(devbox, routes.resume(id))).body).toMatchObject({ status: 'running' });
  expect((await run(id, 'echo "$PWD" "[$A]"')).stdout).toMatch(/home \[\]\n$/);
  await post(devbox, routes.shutdown(id));
  expect((await post(devbox, routes.resume(id))).body.code).toBe('devbox_not_running');
});

test('a devbox that does not exist', async () => {
  const answer = await get(devbox, routes.devbox('dbx_nothing'));
  expect(answer).toMatchObject({ status: 404, body: { code: 'devbox_not_found' } });
  expect(answer.body.message).toContain('dbx_nothing');
});

test('devboxes and their homes outlive the server; everything on disk is private', async () => {
  const stateDir = await mkdtemp(join(tmpdir(), 'nsh-state-'));
  try {
    let id: string;
    {
      await using first = await startTestDevbox({ stateDir });
      id = (await post(first, routes.devboxes(), { name: 'kept', environment_variables: { A: '1' } })).body
        .id;
      await run(id, 'echo data >file', first);
      await expectPrivate(stateDir);
    }
    let suspended: unknown;
    {
      await using second = await startTestDevbox({ stateDir });
      expect((await get(second, routes.devbox(id))).body).toMatchObject({
        id,
        name: 'kept',
        status: 'running',
      });
      await post(second, routes.devbox(id), { name: 'kept on', metadata: { a: 'b' } });
      suspended = (await post(second, routes.suspend(id))).body;
    }
    await using second = await startTestDevbox({ stateDir });
    expect((await get(second, routes.devbox(id))).body).toEqual(suspended);
    expect(suspended).toMatchObject({ name: 'kept on', metadata: { a: 'b' }, status: 'suspended' });
    await post(second, routes.resume(id));
    expect((await run(id, 'cat file; echo $A', second)).stdout).toBe('data\n1\n');
  } finally {
    await rm(stateDir, { recursive: true, force: true });
  }
});

async function expectPrivate(dir: string): Promise<void> {
  expect((await stat(dir)).mode & 0o777).toBe(0o700);
  for (const entry of await readdir(dir, { withFileTypes: true })) {
    // What the user's commands make in a home is the user's own, with the user's umask.
    if (entry.name === 'home') continue;
    const path = join(dir, entry.name);
    if (entry.isDirectory()) await expectPrivate(path);
    else expect([path, ((await stat(path)).mode & 0o077).toString(8)]).toEqual([path, '0']);
  }
}
