import type { Runloop } from '@runloop/api-client';
import { expect, vi } from 'vitest';
import { type Scenario, type Stage, scenario } from '../scenario.ts';

/** The log of a devbox: `devbox.logs`, and its tail, which has no method in the client. */
export const logs: Scenario[] = [
  scenario('logs: a line for each command and one for its end', async ({ create, answers }) => {
    const devbox = await create();
    const { executionId } = await devbox.shell('main').exec('echo hi; exit 3');
    const view = answers.add('Runloop.Devboxes.DevboxLogsListView', 'logs', await devbox.logs());
    const common = { level: 'INFO', source: 'exec', cmd_id: executionId, shell_name: 'main' };
    expect(view.logs[0]).toMatchObject({ ...common, cmd: 'echo hi; exit 3' });
    expect(view.logs.at(-1)).toMatchObject({ ...common, exit_code: 3 });
    expect(view.logs.every(({ timestamp_ms }) => timestamp_ms <= Date.now())).toBe(true);
  }),

  scenario('logs: what a command has printed', async ({ create }) => {
    const devbox = await create();
    const { executionId } = await devbox.cmd.exec('echo one; echo two; echo oops >&2');
    const { logs: lines } = await devbox.logs({ execution_id: executionId });
    expect(lines.map(({ message }) => message ?? null)).toEqual([null, 'one', 'two', 'oops', null]);
    expect(lines.every(({ cmd_id }) => cmd_id === executionId)).toBe(true);
    expect(lines.map(({ level }) => level)).toEqual(['INFO', 'INFO', 'INFO', 'ERROR', 'INFO']);
  }),

  scenario('logs of one execution, and of one shell', async ({ create }) => {
    const devbox = await create();
    const one = await devbox.shell('one').exec('echo 1');
    await devbox.shell('two').exec('echo 2');
    await devbox.cmd.exec('echo alone');
    const commandsOf = async (filter: Parameters<typeof devbox.logs>[0]) => {
      const view = await devbox.logs(filter);
      return view.logs.flatMap(({ cmd }) => cmd ?? []);
    };
    expect(await commandsOf({})).toEqual(['echo 1', 'echo 2', 'echo alone']);
    expect(await commandsOf({ execution_id: one.executionId })).toEqual(['echo 1']);
    expect(await commandsOf({ shell_name: 'two' })).toEqual(['echo 2']);
    expect(await commandsOf({ shell_name: 'none' })).toEqual([]);
    expect(await commandsOf({ shell_name: 'two', execution_id: one.executionId })).toEqual([]);
  }),

  scenario('logs of a devbox that is suspended, and of one that was shut down', async ({ create }) => {
    const devbox = await create();
    await devbox.cmd.exec('echo before');
    await devbox.suspend();
    expect((await devbox.logs()).logs[0]?.cmd).toBe('echo before');
    await devbox.shutdown();
    expect((await devbox.logs()).logs[0]?.cmd).toBe('echo before');
  }),

  scenario('the tail of the logs: what there is, then what comes, until the end', async (stage) => {
    const devbox = await stage.create();
    await devbox.shell('one').exec('echo before');
    const seen = await tail(stage, devbox.id, {});
    await seen.until(3);
    const running = await devbox.shell('two').execAsync('sleep 1000');
    expect((await seen.until(4)).map(({ cmd, message }) => cmd ?? message)).toEqual([
      'echo before',
      'before',
      undefined,
      'sleep 1000',
    ]);
    await stage.api.devboxes.waitForCommand(devbox.id, running.executionId, { statuses: ['running'] });
    await running.kill();
    await devbox.cmd.exec('(exit 3)');
    const all = await seen.until(7);
    expect(all.map(({ exit_code }) => exit_code).filter((code) => code !== undefined)).toEqual([0, 137, 3]);
    await devbox.suspend();
    await devbox.shutdown();
    expect(await seen.end).toEqual(all);
    expect((await devbox.logs()).logs).toEqual(all);
  }),

  scenario('the tail of one shell, and of one execution', async (stage) => {
    const devbox = await stage.create();
    const { executionId } = await devbox.shell('one').exec('echo 1');
    const ofShell = await tail(stage, devbox.id, { shell_name: 'one' });
    const ofExecution = await tail(stage, devbox.id, { execution_id: executionId });
    await devbox.shell('two').exec('echo 2');
    await devbox.shell('one').exec('echo 3');
    await devbox.shutdown();
    const commandsOf = (logs: readonly Log[]) => logs.flatMap(({ cmd }) => cmd ?? []);
    expect(commandsOf(await ofShell.end)).toEqual(['echo 1', 'echo 3']);
    expect(commandsOf(await ofExecution.end)).toEqual(['echo 1']);
  }),
];

/** The client has no method for it: the OpenAPI description has. */
async function tail({ api }: Stage, id: string, query: Record<string, string>) {
  const options = { query, stream: true, headers: { Accept: 'text/event-stream' } } as const;
  const stream = await api.get<object, Stream>(`/v1/devboxes/${id}/logs/tail`, options);
  const logs: Log[] = [];
  const end = (async () => {
    for await (const log of stream) logs.push(log);
    return logs;
  })();
  const until = async (count: number) => {
    await vi.waitUntil(() => logs.length >= count, 20_000);
    return [...logs];
  };
  return { until, end };
}

type Log = Runloop.Devboxes.DevboxLogsListView.Log;
type Stream = AsyncIterable<Log>;
