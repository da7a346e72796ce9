import { afterAll, beforeAll, expect, test } from 'vitest';
import { OUTPUT_OFFSET_HEADER } from '../../../src/api/extension/output.ts';
import { routes } from '../../../src/api/routes.ts';
import { startTestDevbox, type TestDevbox } from '../../helpers/devbox-server.ts';
import { BodyReader } from './body-reader.ts';
import { execute, launch, whenStatus } from './commands.ts';
import { EventReader } from './event-reader.ts';
import { get, post, send } from './raw-client.ts';

let devbox: TestDevbox;
beforeAll(async () => {
  devbox = await startTestDevbox();
});
afterAll(() => devbox[Symbol.asyncDispose]());

const view = async (id: string) => (await get(devbox, routes.execution('local', id))).body;
/** A background job that writes when a file appears, so that no test has to guess how long anything takes. */
const when = (file: string, then: string) => `until [ -e ${file} ]; do sleep 0.01; done; ${then}`;

test('what a background job writes after the end is late output: apart from the result, announced, and readable', async () => {
  const reader = await EventReader.open(devbox, routes.shellEvents('local', 'late'));
  await reader.first('snapshot');
  const job = `{ ${when('go', "printf 'out\\377\\n'; echo err >&2; ")} ${when('more', 'echo more')}; } &`;
  const result = await execute(devbox, `rm -f go more; ${job} echo now`, 'late');
  expect(result).toMatchObject({ stdout: 'now\n', stderr: '' });
  expect(result.nsh).not.toHaveProperty('late_stdout_bytes');
  const id = result.execution_id;
  const path = routes.lateOutput('local', id, 'stdout');
  const live = await BodyReader.open(devbox, path);
  expect(live.incoming.headers).toMatchObject({
    'content-type': 'application/octet-stream',
    [OUTPUT_OFFSET_HEADER]: '0',
  });
  await execute(devbox, 'touch go', 'late');
  expect(await live.atLeast(5)).toEqual(Buffer.from('out\xff\n', 'latin1'));
  const sizes = await reader.until((event) => event.type === 'late_output' && event.late_stderr_bytes === 4);
  expect(sizes).toMatchObject({ shell_name: 'late', execution_id: id, late_stdout_bytes: 5 });
  await execute(devbox, 'touch more', 'late');
  const all = Buffer.from('out\xff\nmore\n', 'latin1');
  expect(await live.atLeast(10)).toEqual(all);
  const after = await view(id);
  expect(after.nsh).toMatchObject({ late_stdout_bytes: 10, late_stderr_bytes: 4, stdout_bytes: 4 });
  const { late_stdout_bytes, late_stderr_bytes, ...nsh } = after.nsh;
  expect({ ...after, nsh }).toEqual(result);
  // The stream ends with its shell, and what came stays readable, from any byte.
  await post(devbox, routes.closeShell('local', 'late'));
  expect(await live.ended).toBe(true);
  const whole = await get(devbox, path);
  expect(whole.bytes).toEqual(all);
  const rest = await get(devbox, `${path}?offset=5`);
  expect([rest.headers[OUTPUT_OFFSET_HEADER], String(rest.bytes)]).toEqual(['5', 'more\n']);
  expect(String((await get(devbox, routes.lateOutput('local', id, 'stderr'))).bytes)).toBe('err\n');
});

test('it never comes into the output of a later command', async () => {
  const { execution_id } = await execute(devbox, `rm -f go; { ${when('go', 'seq 1000')}; } & :`, 'apart');
  const gate = await launch(devbox, 'touch go; cat; echo mine', 'apart', true);
  await expect.poll(async () => (await view(execution_id)).nsh.late_stdout_bytes).toBe(3893);
  await post(devbox, routes.sendStdIn('local', gate), { signal: 'EOF' });
  expect((await whenStatus(devbox, gate)).stdout).toBe('mine\n');
});

test('a job that outlives its bash: what it writes then is found by asking again', async () => {
  const job = `{ trap '' HUP; ${when('go', 'echo outlived')}; }`;
  const { execution_id } = await execute(devbox, `rm -f go; ${job} & :`, 'outlive');
  const path = routes.lateOutput('local', execution_id, 'stdout');
  const live = await BodyReader.open(devbox, path);
  await execute(devbox, 'disown -a; exit', 'outlive');
  expect(await live.ended).toBe(true);
  await execute(devbox, 'touch go');
  await expect.poll(async () => String((await get(devbox, path)).bytes)).toBe('outlived\n');
});

test('the late output of a command that waits, has none or was cancelled', async () => {
  const gate = await launch(devbox, 'cat >/dev/null', 'none', true);
  const waiting = await launch(devbox, ':', 'none');
  const cancelled = await launch(devbox, ':', 'none');
  const late = (id: string) => routes.lateOutput('local', id, 'stderr');
  const live = await BodyReader.open(devbox, late(waiting));
  const ofCancelled = get(devbox, late(cancelled));
  await post(devbox, routes.kill('local', cancelled));
  expect((await ofCancelled).bytes.length).toBe(0);
  await post(devbox, routes.sendStdIn('local', gate), { signal: 'EOF' });
  await whenStatus(devbox, waiting);
  // Its shell lives, so a job of the command might still write: the stream ends with the shell.
  await post(devbox, routes.closeShell('local', 'none'));
  expect(await live.ended).toBe(true);
  const alone = await execute(devbox, ':');
  expect((await get(devbox, late(alone.execution_id))).bytes.length).toBe(0);
  expect(await get(devbox, `${late(waiting)}x`)).toMatchObject({
    status: 404,
    body: { code: 'stream_not_found' },
  });
  expect((await send(devbox, { method: 'HEAD', path: late(waiting) })).status).toBe(200);
});
