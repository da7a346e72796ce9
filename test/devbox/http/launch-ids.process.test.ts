import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { routes } from '../../../src/api/routes.ts';
import { startTestDevbox, type TestDevbox } from '../../helpers/devbox-server.ts';
import { execute, launch, whenStatus } from './commands.ts';
import { get, post, type RawRequest, send } from './raw-client.ts';

let devbox: TestDevbox;
beforeAll(async () => {
  devbox = await startTestDevbox();
});
afterAll(() => devbox[Symbol.asyncDispose]());

interface LaunchBody {
  readonly command: string;
  readonly shell_name?: string;
  readonly attach_stdin?: boolean;
}

/** The two ways to say "this very command, once". */
const ways: readonly (readonly [string, (id: string, body: LaunchBody) => RawRequest])[] = [
  [
    'command_id of execute',
    (id, { attach_stdin: _, ...body }) => ({
      method: 'POST',
      path: routes.execute('local'),
      body: { ...body, command_id: id, optimistic_timeout: 0 },
    }),
  ],
  [
    'x-request-id of execute_async',
    (id, body) => ({
      method: 'POST',
      path: routes.executeAsync('local'),
      body,
      headers: { 'x-request-id': id },
    }),
  ],
];

for (const [name, launchOf] of ways) {
  test(`${name}: one id is one execution, however often it is sent, and is found under it`, async () => {
    const id = randomUUID();
    const file = `ran-${id}`;
    const body = { command: `echo once >>${file}`, shell_name: 'once' };
    const answers = await Promise.all([1, 2, 3].map(() => send(devbox, launchOf(id, body))));
    const ids = new Set(answers.map((answer) => answer.body.execution_id));
    expect(ids.size).toBe(1);
    const [executionId] = ids;
    await whenStatus(devbox, executionId);
    expect((await execute(devbox, `cat ${file}`)).stdout).toBe('once\n');
    const later = await send(devbox, launchOf(id, body));
    expect(later.body).toMatchObject({ execution_id: executionId, status: 'completed' });
    expect((await get(devbox, routes.execution('local', id))).body.execution_id).toBe(executionId);
  });

  test.each([
    ['another command', { command: 'echo b', shell_name: 'a' }],
    ['another shell', { command: 'echo a', shell_name: 'b' }],
    ['no shell', { command: 'echo a' }],
  ])(`${name}: one that stands for %s is a conflict`, async (_, second) => {
    const id = randomUUID();
    const first = await send(devbox, launchOf(id, { command: 'echo a', shell_name: 'a' }));
    const answer = await send(devbox, launchOf(id, second));
    expect(answer).toMatchObject({ status: 409, body: { code: 'command_id_reused' } });
    expect(answer.body.message).toContain(first.body.execution_id);
  });

  test.each(['', 'x'.repeat(256)])(`${name}: %j is refused`, async (id) => {
    const answer = await send(devbox, launchOf(id, { command: 'true' }));
    expect(answer).toMatchObject({ status: 400, body: { code: 'command_id_invalid' } });
  });
}

test('with and without stdin are two commands', async () => {
  const id = randomUUID();
  const [, launchOf] = ways[1] ?? ways[0] ?? [];
  const answers = [];
  for (const attach_stdin of [true, false]) {
    if (launchOf) answers.push(await send(devbox, launchOf(id, { command: 'true', attach_stdin })));
  }
  expect(answers.map(({ status }) => status)).toEqual([200, 409]);
});

test('without an id the same command is another one', async () => {
  const request = { method: 'POST', path: routes.executeAsync('local'), body: { command: 'true' } };
  const answers = await Promise.all([send(devbox, request), send(devbox, request)]);
  expect(new Set(answers.map((answer) => answer.body.execution_id)).size).toBe(2);
});

test('the id is told with the command: in its view, in the queue, in the event', async () => {
  const { name: shell_name, gate } = {
    name: 'told',
    gate: await launch(devbox, 'cat >/dev/null', 'told', true),
  };
  const sent: string[] = [];
  for (const [, request] of ways) {
    const id = randomUUID();
    sent.push(id);
    const { body } = await send(devbox, request(id, { command: 'true', shell_name }));
    expect(body.nsh.command_id).toBe(id);
  }
  const { queue } = (await get(devbox, routes.shell('local', shell_name))).body;
  expect(queue.map(({ command_id }: { command_id?: string }) => command_id)).toEqual([undefined, ...sent]);
  await post(devbox, routes.sendStdIn('local', gate), { signal: 'EOF' });
});

test('the server says that it takes x-request-id', async () => {
  const { body } = await get(devbox, routes.server());
  expect(body.capabilities).toContain('request_id');
});
