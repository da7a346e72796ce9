import { expect } from 'vitest';
import { failureOf, type Scenario, scenario } from '../scenario.ts';

// Alone in its object, the client takes `signal` for a request option and fails before it sends anything.
const END = { text: null, signal: 'EOF' as const };
const INTERRUPT = { text: null, signal: 'INTERRUPT' as const };

/** Input for a running command: `executions.sendStdIn`. */
export const stdin: Scenario[] = [
  scenario('text, then the end of input', async ({ create, api, answers }) => {
    const devbox = await create();
    const { executionId, result } = await begin(devbox.cmd.execAsync('cat', { attach_stdin: true }));
    const sent = await api.devboxes.executions.sendStdIn(devbox.id, executionId, { text: 'one\nzwölf\n' });
    answers.add('Runloop.DevboxSendStdInResult', 'sendStdIn', sent);
    expect(sent).toEqual({ devbox_id: devbox.id, execution_id: executionId, success: true });
    await api.devboxes.executions.sendStdIn(devbox.id, executionId, END);
    expect(await (await result()).stdout()).toBe('one\nzwölf\n');
  }),

  scenario('what is sent comes in its order, also before the command runs', async ({ create, api }) => {
    const devbox = await create();
    const shell = devbox.shell('main');
    const before = await shell.execAsync('sleep 0.2');
    const { executionId, result } = await begin(shell.execAsync('cat', { attach_stdin: true }));
    for (let n = 0; n < 5; n++) {
      await api.devboxes.executions.sendStdIn(devbox.id, executionId, { text: `${n}\n` });
    }
    await api.devboxes.executions.sendStdIn(devbox.id, executionId, END);
    await before.result();
    expect(await (await result()).stdout()).toBe('0\n1\n2\n3\n4\n');
  }),

  scenario('INTERRUPT ends a command as Ctrl-C does', async ({ create, api }) => {
    const devbox = await create();
    const begun = Promise.withResolvers<void>();
    const execution = await devbox.shell('main').execAsync('echo begun; sleep 1000', {
      attach_stdin: true,
      stdout: () => begun.resolve(),
    });
    await begun.promise;
    const { executionId } = execution;
    const sent = await api.devboxes.executions.sendStdIn(devbox.id, executionId, INTERRUPT);
    expect(sent.success).toBe(true);
    expect((await execution.result()).exitCode).toBe(130);
  }),

  scenario('without attach_stdin a command reads nothing, and cannot be sent anything', async (stage) => {
    const devbox = await stage.create();
    expect(await (await devbox.cmd.exec('cat; echo read')).stdout()).toBe('read\n');
    const { executionId } = await devbox.cmd.execAsync('sleep 1000');
    const call = stage.api.devboxes.executions.sendStdIn(devbox.id, executionId, { text: 'x' });
    expect((await failureOf(call)).status).toBe(400);
  }),
];

async function begin<Execution extends { executionId: string; result(): unknown }>(
  starting: Promise<Execution>,
) {
  const execution = await starting;
  return {
    executionId: execution.executionId,
    result: () => execution.result() as ReturnType<Execution['result']>,
  };
}
