import { describe, expect, it, vi } from 'vitest';
import { handles, isMoreThan } from '../helpers/handles.ts';
import { answer, drop, hold, type MisbehavingServer, raw, stall } from '../helpers/misbehaving-server.ts';
import { scripted } from './scripted.ts';
import { LAUNCH, LAUNCH_WITH_STDIN, LOGS } from './scripted-launch.ts';
import { bytes, RAW_ERR, RAW_OUT, SERVER, WAIT } from './scripted-output.ts';
import { embedded, running } from './views.ts';

/** Longer than the test has: what does not end at once fails it. */
const LONG_BREAK = { 'retry-after': '59' };
const later = answer(503, { message: 'later' }, LONG_BREAK);

/** A place where a call can be, and how the server brings it there; told by `here`. */
interface Place {
  readonly at: string;
  /** @returns when the call is there */
  bring(server: MisbehavingServer, retrying: () => Promise<void>): Promise<unknown>;
  readonly stdout?: () => unknown;
}

/** A command that runs for ever and prints nothing, as far as the test does not say otherwise. */
function runs(server: MisbehavingServer, ...stdout: Parameters<typeof raw>[]): MisbehavingServer {
  const behaviours = stdout.length > 0 ? stdout.map((one) => raw(...one)) : [raw([], 'open')];
  return server
    .on(SERVER, answer(200, embedded))
    .on(LAUNCH, answer(200, running()))
    .on(RAW_OUT, ...behaviours)
    .on(RAW_ERR, raw([], 'open'));
}

const open = (server: MisbehavingServer, connections: number) =>
  Promise.all([server.arrived(RAW_OUT, connections), server.arrived(RAW_ERR), server.arrived(WAIT)]);

const places: readonly Place[] = [
  { at: 'while the launch is not answered', bring: (server) => server.on(LAUNCH, stall).arrived(LAUNCH) },
  {
    at: 'in the break before the launch is sent again',
    bring: (server, retrying) => {
      server.on(LAUNCH, later);
      return retrying();
    },
  },
  {
    at: 'while the end of the command is waited for',
    bring: (server) => open(runs(server).on(WAIT, stall), 1),
  },
  {
    at: 'in the break before it waits again',
    bring: (server, retrying) => {
      runs(server).on(WAIT, later);
      return retrying();
    },
  },
  {
    at: 'while the server is asked what it is',
    bring: (server) => {
      server.on(SERVER, stall).on(LAUNCH, answer(200, running())).on(WAIT, stall);
      return Promise.all([server.arrived(SERVER), server.arrived(WAIT)]);
    },
  },
  {
    at: 'after a stream was connected again',
    bring: (server) =>
      open(runs(server, [[bytes('a')], 'cut'], [[bytes('b')], 'open', 1]).on(WAIT, stall), 2),
  },
  {
    at: 'in the break before a stream is connected again',
    bring: (server, retrying) => {
      server
        .on(SERVER, answer(200, embedded))
        .on(LAUNCH, answer(200, running()))
        .on(RAW_OUT, later)
        .on(RAW_ERR, raw([], 'open'))
        .on(WAIT, stall);
      return retrying();
    },
  },
  {
    at: 'while a callback is busy',
    bring: (server) => open(runs(server, [[bytes('a')], 'open']).on(WAIT, stall), 1),
    stdout: () => new Promise(() => {}),
  },
];

async function at({ bring }: Place) {
  const retry = Promise.withResolvers<void>();
  const setting = await scripted({
    onConnection: ({ state }) => {
      if (state === 'retrying') retry.resolve();
    },
  });
  return { ...setting, there: bring(setting.server, () => retry.promise) };
}

/** Nothing under way on the server, no connection after `close`, nothing that keeps the process. */
async function leavesNothing(
  { server, client }: Awaited<ReturnType<typeof scripted>>,
  before: Record<string, number>,
): Promise<void> {
  await server.quiet();
  await client.close();
  await server.deserted();
  await vi.waitUntil(() => !isMoreThan(handles(), before), { timeout: 30_000 });
}

describe.each(places)('$at', (place) => {
  it('a signal ends exec at once, and leaves nothing open', async () => {
    const setting = await at(place);
    const before = handles();
    const controller = new AbortController();
    const stdout = place.stdout ?? (() => {});
    const result = setting.shell.exec('x', { stdout, stderr: () => {} }, { signal: controller.signal });
    const rejected = expect(result).rejects.toMatchObject({ kind: 'aborted', cause: { message: 'enough' } });
    await setting.there;
    controller.abort(new Error('enough'));
    await rejected;
    await leavesNothing(setting, before);
  });

  it('one signal ends the launch, the wait and both streams of execAsync', async () => {
    const setting = await at(place);
    const before = handles();
    const controller = new AbortController();
    const { signal } = controller;
    const stdout = place.stdout ?? (() => {});
    const ended = (async () => {
      const execution = await setting.shell.execAsync('x', { stdout, stderr: () => {} }, { signal });
      await execution.result({ signal });
    })();
    const rejected = expect(ended).rejects.toMatchObject({ kind: 'aborted' });
    await setting.there;
    controller.abort();
    await rejected;
    await leavesNothing(setting, before);
  });

  it('a deadline ends exec, and leaves nothing open', async () => {
    const setting = await at(place);
    const before = handles();
    const stdout = place.stdout ?? (() => {});
    const result = setting.shell.exec('x', { stdout, stderr: () => {} }, { longPoll: { timeoutMs: 600 } });
    await expect(result).rejects.toMatchObject({ kind: 'timeout' });
    await leavesNothing(setting, before);
  });

  it('closing the client ends it', async () => {
    const setting = await at(place);
    const before = handles();
    const stdout = place.stdout ?? (() => {});
    const rejected = expect(setting.shell.exec('x', { stdout, stderr: () => {} })).rejects.toMatchObject({
      kind: 'aborted',
    });
    await setting.there;
    await setting.client.close();
    await rejected;
    await leavesNothing(setting, before);
  });
});

describe('while a launch that got no answer is looked for in the logs', () => {
  it.each([
    ['the logs are not answered', stall],
    ['in the break before they are looked at again', hold(Promise.resolve(), answer(200, { logs: [] }))],
  ])('a signal ends it at once: %s', async (_name, logs) => {
    const setting = await scripted({ maxRetries: 1000 });
    const before = handles();
    setting.server.on(LAUNCH_WITH_STDIN, drop).on(LOGS, logs);
    const controller = new AbortController();
    const { signal } = controller;
    const launched = setting.shell.execAsync('x', { attach_stdin: true }, { signal });
    const rejected = expect(launched).rejects.toMatchObject({ kind: 'aborted' });
    await setting.server.arrived(LOGS);
    controller.abort();
    await rejected;
    await leavesNothing(setting, before);
  });
});
