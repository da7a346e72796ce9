import { expect } from 'vitest';
import { type Scenario, scenario } from '../scenario.ts';

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
];
