import type { Devbox } from '@runloop/api-client';
import { expect } from 'vitest';
import { failureOf, type Scenario, scenario } from '../scenario.ts';

type Status = Awaited<ReturnType<Devbox['getInfo']>>['status'];

/** Suspend and resume, keep-alive, and the times that a devbox was given. */
export const lifetime: Scenario[] = [
  scenario('suspend: no compute, and awaitSuspended says so', async ({ create, answers }) => {
    const devbox = await create();
    answers.add('Runloop.DevboxView', 'suspend', await devbox.suspend());
    const suspended = await devbox.awaitSuspended();
    expect(suspended.state_transitions.map(({ status }) => status).slice(-2)).toEqual([
      'suspending',
      'suspended',
    ]);
    expect(suspended.end_time_ms).toBeNull();
    expect(await failureOf(devbox.cmd.exec('echo no'))).toMatchObject({ status: 409 });
  }),

  scenario('resume: the disk is as it was, processes and shells are new', async ({ create, answers }) => {
    const devbox = await create();
    const shell = devbox.shell('main');
    await shell.exec('echo kept >file; mkdir sub; cd sub; KEPT=no; sleep 1000 & echo $! >../pid');
    await devbox.suspend();
    answers.add('Runloop.DevboxView', 'resume', await devbox.resume());
    // Ended: nobody may have taken note of it yet.
    const isGone = 'grep -qs "State:.[^Z]" /proc/$(cat pid)/status || echo gone';
    const found = await shell.exec(`cat file; echo "[$KEPT]"; ${isGone}`);
    expect(await found.stdout()).toBe('kept\n[]\ngone\n');
    expect((await devbox.getInfo()).status).toBe('running');
  }),

  scenario('suspend ends what runs and cancels what waits', async ({ create }) => {
    const devbox = await create();
    const shell = devbox.shell('main');
    const running = await shell.execAsync('echo begun; sleep 1000', { stdout: () => begun.resolve() });
    const begun = Promise.withResolvers<void>();
    const waiting = await shell.execAsync('echo never >ran');
    const alone = await devbox.cmd.execAsync('sleep 1000');
    await begun.promise;
    await devbox.suspend();
    for (const execution of [running, waiting, alone]) {
      expect((await execution.getState()).status).toBe('completed');
      expect((await execution.result()).failed).toBe(true);
    }
    await devbox.resume();
    expect((await devbox.cmd.exec('ls ran')).success).toBe(false);
  }),

  scenario('suspend and resume twice over change nothing', async ({ create }) => {
    const devbox = await create();
    expect((await devbox.resumeAsync()) as { status: Status }).toMatchObject({ status: 'running' });
    await Promise.all([devbox.suspend(), devbox.suspend()]);
    expect((await devbox.suspend()).status).toBe('suspended');
    expect((await devbox.resume()).status).toBe('running');
    expect((await devbox.resume()).status).toBe('running');
    expect((await devbox.cmd.exec('true')).exitCode).toBe(0);
  }),

  scenario('awaitRunning holds until somebody resumes', async ({ sdk, create }) => {
    const devbox = await create();
    await devbox.suspend();
    const waiting = sdk.devbox.fromId(devbox.id).awaitRunning();
    await devbox.resumeAsync();
    expect((await waiting).status).toBe('running');
  }),

  scenario('awaitSuspended ends with its time-out', async ({ create }) => {
    const devbox = await create();
    const failure = await failureOf(devbox.awaitSuspended({ longPoll: { timeoutMs: 30 } }));
    expect(failure.name).toBe('PollingTimeoutError');
  }),

  scenario('suspended devboxes are listed as such', async ({ api, create }) => {
    const devbox = await create();
    await devbox.suspend();
    const page = await api.devboxes.list({ status: 'suspended', limit: 5000 });
    expect(page.devboxes.map(({ id }) => id)).toContain(devbox.id);
  }),

  scenario('keepAlive', async ({ create }) => {
    const devbox = await create();
    expect(await devbox.keepAlive()).toEqual({});
  }),

  scenario('after_idle: shut down for being idle', async ({ create }) => {
    const lifecycle = { after_idle: { idle_time_seconds: 1, on_idle: 'shutdown' as const } };
    const devbox = await create({ launch_parameters: { lifecycle } });
    // A command that runs is no idleness, however long.
    expect((await devbox.cmd.exec('sleep 1.2')).exitCode).toBe(0);
    await untilNotRunning(devbox);
    expect(await devbox.getInfo()).toMatchObject({ status: 'shutdown', shutdown_reason: 'idle' });
  }),

  scenario('after_idle: suspended for being idle, and resumed', async ({ create }) => {
    const after_idle = { idle_time_seconds: 0.1, on_idle: 'suspend' as const };
    const devbox = await create({ launch_parameters: { after_idle } });
    await devbox.cmd.exec('echo kept >file').catch(() => undefined);
    await untilNotRunning(devbox);
    await devbox.awaitSuspended();
    await devbox.resume();
    await devbox.awaitSuspended();
  }),

  scenario('keep_alive_time_seconds: shut down when its time is over', async ({ create }) => {
    const devbox = await create({ launch_parameters: { keep_alive_time_seconds: 0.1 } });
    await untilNotRunning(devbox);
    expect(await devbox.getInfo()).toMatchObject({ status: 'shutdown', shutdown_reason: 'ttl_expired' });
  }),

  scenario('keep_alive_time_seconds is ignored where after_idle is set', async ({ create }) => {
    const after_idle = { idle_time_seconds: 3600, on_idle: 'shutdown' as const };
    const launch_parameters = { keep_alive_time_seconds: 0.05, after_idle };
    const devbox = await create({ launch_parameters });
    await devbox.cmd.exec('sleep 0.2');
    expect((await devbox.getInfo()).status).toBe('running');
  }),
];

/** Waits until it is shut down or suspended, whatever the client is asked to wait for. */
async function untilNotRunning(devbox: Devbox): Promise<void> {
  await devbox.awaitSuspended().catch((error: Error) => expect(error.message).toContain('shutdown'));
}
