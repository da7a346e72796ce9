import { v7 as uuidv7 } from 'uuid';
import { expect } from 'vitest';
import { failureOf, type Scenario, scenario } from '../scenario.ts';

/** Commands without a shell: `cmd.exec`, `cmd.execAsync` and the calls below them. */
export const commands: Scenario[] = [
  scenario('cmd.exec: output, error output and exit code', async ({ create, answers }) => {
    const result = await (await create()).cmd.exec('echo out; echo err >&2; exit 3');
    answers.add('Runloop.DevboxAsyncExecutionDetailView', 'exec', result.result);
    expect([await result.stdout(), await result.stderr()]).toEqual(['out\n', 'err\n']);
    expect([result.exitCode, result.success, result.failed]).toEqual([3, false, true]);
    expect(result.result).toMatchObject({ status: 'completed', stdout_truncated: false });
  }),

  scenario('cmd.exec runs from the home directory, each in a shell of its own', async ({ create }) => {
    const devbox = await create();
    await devbox.cmd.exec('cd /; export A=1');
    expect(await (await devbox.cmd.exec('[ "$PWD" = "$HOME" ] && echo "[$A]"')).stdout()).toBe('[]\n');
  }),

  scenario('cmd.exec with a shell_name runs in that shell', async ({ create }) => {
    const devbox = await create();
    const named = { shell_name: 'mine' };
    await devbox.cmd.exec('cd /; A=1', named);
    const result = await devbox.cmd.exec('echo "$PWD $A"', named);
    expect(await result.stdout()).toBe('/ 1\n');
    expect(result.result.shell_name).toBe('mine');
  }),

  scenario('optimistic_timeout: the command is not killed, and is waited for', async ({ create, api }) => {
    const devbox = await create();
    const command = 'while [ ! -e go ]; do sleep 0.02; done; echo went';
    const params = { command, optimistic_timeout: 0, command_id: uuidv7() };
    const view = await api.devboxes.execute(devbox.id, params);
    expect(view.status).not.toBe('completed');
    const waiting = devbox.cmd.exec(command, { optimistic_timeout: 0 });
    await devbox.cmd.exec('touch go');
    expect(await (await waiting).stdout()).toBe('went\n');
    const { stdout } = await api.devboxes.executions.awaitCompleted(devbox.id, view.execution_id);
    expect(stdout).toBe('went\n');
  }),

  scenario('one command_id is one command', async ({ create, api }) => {
    const { id } = await create();
    const params = { command: 'echo ran >>ran; cat ran', command_id: uuidv7() };
    const first = await api.devboxes.execute(id, params);
    const second = await api.devboxes.execute(id, params);
    expect(second).toEqual(first);
    expect(second.stdout).toBe('ran\n');
    const other = await failureOf(api.devboxes.execute(id, { ...params, command: 'echo other' }));
    expect(other).toMatchObject({ status: 409, error: { code: 'command_id_reused' } });
  }),

  scenario('execAsync: state, result and ids', async ({ create, answers }) => {
    const devbox = await create();
    const execution = await devbox.cmd.execAsync('while [ ! -e go ]; do sleep 0.02; done; (exit 4)');
    const running = await execution.getState();
    answers.add('Runloop.DevboxAsyncExecutionDetailView', 'running', running);
    expect(running.status).not.toBe('completed');
    expect(running.exit_status ?? null).toBeNull();
    expect(running.stdout ?? null).toBeNull();
    await devbox.cmd.exec('touch go');
    const result = await execution.result();
    expect(result.exitCode).toBe(4);
    expect([result.executionId, execution.devboxId]).toEqual([execution.executionId, devbox.id]);
  }),

  scenario('result() ends with its time-out, and the command goes on', async ({ create }) => {
    const devbox = await create();
    const execution = await devbox.cmd.execAsync('while [ ! -e go ]; do sleep 0.02; done; echo went');
    const failure = await failureOf(execution.result({ longPoll: { timeoutMs: 50 } }));
    expect(failure.name).toBe('PollingTimeoutError');
    await devbox.cmd.exec('touch go');
    expect(await (await execution.result()).stdout()).toBe('went\n');
  }),

  scenario('result() ends with its signal', async ({ create }) => {
    const execution = await (await create()).cmd.execAsync('sleep 1000');
    const controller = new AbortController();
    const waiting = failureOf(execution.result({ signal: controller.signal }));
    controller.abort();
    expect((await waiting).name).toBe('LongPollAbortError');
    await execution.kill();
  }),

  scenario('waitForCommand: timeout_seconds, then a 408 that says to ask again', async ({ create, api }) => {
    const devbox = await create();
    const { executionId } = await devbox.cmd.execAsync('sleep 1000');
    const statuses = ['completed' as const];
    const call = api.devboxes.waitForCommand(devbox.id, executionId, { statuses, timeout_seconds: 0.05 });
    expect(await failureOf(call)).toMatchObject({ status: 408, headers: { 'x-should-retry': 'true' } });
    const any = { statuses: ['running' as const, 'completed' as const] };
    expect((await api.devboxes.waitForCommand(devbox.id, executionId, any)).status).toBe('running');
  }),

  scenario('kill ends a running command', async ({ create, answers, api }) => {
    const devbox = await create();
    const execution = await devbox.cmd.execAsync('sleep 1000');
    await execution.kill();
    const result = await execution.result();
    expect([result.success, result.failed]).toEqual([false, true]);
    const again = await api.devboxes.executions.kill(devbox.id, execution.executionId, {});
    answers.add('Runloop.DevboxAsyncExecutionDetailView', 'kill', again);
    expect(again.status).toBe('completed');
  }),

  scenario('kill with the process group leaves none of it', async ({ create, api }) => {
    const devbox = await create();
    const pids = Promise.withResolvers<string>();
    const command = '(echo $BASHPID; exec sleep 1000) | cat & wait';
    const execution = await devbox.cmd.execAsync(command, { stdout: pids.resolve });
    const pid = (await pids.promise).trim();
    await api.devboxes.executions.kill(devbox.id, execution.executionId, { kill_process_group: true });
    await execution.result();
    const looked = await devbox.cmd.exec(`! kill -0 ${pid} 2>&- || grep -q zombie /proc/${pid}/status`);
    expect(looked.exitCode).toBe(0);
  }),

  scenario('last_n: so many lines in the result, all of them through stdout()', async ({ create }) => {
    const devbox = await create();
    const result = await devbox.cmd.exec('seq 250; seq 5 >&2', { last_n: '3' });
    expect(result.result.stdout).toBe('248\n249\n250\n');
    expect([result.result.stdout_truncated, result.result.stderr_truncated]).toEqual([true, true]);
    expect((await result.stdout()).split('\n')).toHaveLength(251);
    expect(await result.stdout(2)).toBe('249\n250');
    expect(await result.stdout(10)).toBe('241\n242\n243\n244\n245\n246\n247\n248\n249\n250');
    expect(await result.stderr()).toBe('1\n2\n3\n4\n5\n');
  }),

  scenario('without last_n the last 100 lines, and whether they are all', async ({ create }) => {
    const devbox = await create();
    const all = (await devbox.cmd.exec('seq 100')).result;
    expect([all.stdout?.split('\n').length, all.stdout_truncated]).toEqual([101, false]);
    const some = (await devbox.cmd.exec('seq 101')).result;
    expect([some.stdout?.startsWith('2\n'), some.stdout_truncated]).toEqual([true, true]);
  }),

  scenario('retrieve takes another last_n', async ({ create, api }) => {
    const devbox = await create();
    const { executionId } = await devbox.cmd.exec('seq 9');
    const view = await api.devboxes.executions.retrieve(devbox.id, executionId, { last_n: '2' });
    expect([view.stdout, view.stdout_truncated]).toEqual(['8\n9\n', true]);
  }),

  scenario('a large output is whole', async ({ create }) => {
    const result = await (await create()).cmd.exec('seq 300000; printf "no newline"');
    const text = await result.stdout();
    expect(text.length).toBe(1_988_895 + 10);
    expect(text.endsWith('300000\nno newline')).toBe(true);
  }),

  scenario('executeSync holds until the end', async ({ create, api, answers }) => {
    const { id } = await create();
    const view = await api.devboxes.executeSync(id, { command: 'echo out; echo err >&2; exit 5' });
    answers.add('Runloop.DevboxExecutionDetailView', 'executeSync', view);
    expect(view).toMatchObject({ devbox_id: id, exit_status: 5, stdout: 'out\n', stderr: 'err\n' });
    const named = { command: 'cd /; pwd', shell_name: 's' };
    expect(await api.devboxes.executions.executeSync(id, named)).toMatchObject({ shell_name: 's' });
  }),

  scenario('an execution that is not there', async ({ create, api }) => {
    const { id } = await create();
    expect(await failureOf(api.devboxes.executions.retrieve(id, 'exec_none'))).toMatchObject({
      name: 'NotFoundError',
      status: 404,
    });
  }),

  scenario('what is no command is a BadRequestError that says why', async ({ create, api }) => {
    const { id } = await create();
    const failure = await failureOf(api.devboxes.executeAsync(id, { command: 'a\0b' }));
    expect(failure).toMatchObject({ name: 'BadRequestError', status: 400 });
    expect(failure.error?.message).toMatch(/NUL/);
  }),

  scenario('the shell tools for models', async ({ create, api }) => {
    const { id } = await create();
    const tools = api.devboxes.tools.shellTools(id);
    expect(await tools.execute_command.execute({ command: 'echo tool' })).toContain('"stdout": "tool\\n"');
    const started = await tools.execute_command_async.execute({ command: 'sleep 1000' });
    const execution_id = /ID: (\S+)/.exec(started)?.[1] ?? '';
    expect(await tools.kill_async_command.execute({ execution_id })).toContain('killed');
    expect(await tools.retrieve_async_command_status.execute({ execution_id })).toContain('completed');
  }),
];
