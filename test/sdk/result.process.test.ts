import { describe, expect, it } from 'vitest';
import type { ConnectionEvent } from '../../src/sdk/http/connection-monitor.ts';
import { answer, drop, hold, stall } from '../helpers/misbehaving-server.ts';
import { scripted } from './scripted.ts';
import { completed, EXECUTION_ID, running } from './views.ts';

const WAIT = 'POST /wait_for_status';
const LAUNCH = 'POST /execute';
const STATE = `GET /executions/${EXECUTION_ID}`;
const KILL = 'POST /kill';
const holdIsOver = answer(408, { message: 'not yet' }, { 'x-should-retry': 'true' });

describe('result()', () => {
  it('waits through broken connections, 429, 5xx and holds that end', async () => {
    const events: ConnectionEvent[] = [];
    const { server, shell } = await scripted({ onConnection: (event) => events.push(event) });
    server.on(LAUNCH, answer(200, running()));
    server.on(WAIT, drop, answer(502, '<html>'), holdIsOver, answer(200, completed('here')));
    server.on(STATE, answer(429, { message: 'x' }, { 'retry-after-ms': '20' }), answer(200, running()));
    const execution = await shell.execAsync('sleep 60');
    const result = await execution.result();
    expect(await result.stdout()).toBe('here');
    expect(server.received(LAUNCH)).toHaveLength(1);
    expect(server.received(WAIT)).toHaveLength(4);
    expect(events.map(({ state }) => state)).toEqual([
      'connected',
      'retrying',
      'retrying',
      'connected',
      'retrying',
      'connected',
    ]);
    expect(events[2]).toEqual({ state: 'retrying', reason: 'too many requests (429)', retryInMs: 20 });
  });

  it('does not turn into a hot loop when the server does not hold', async () => {
    const { server, shell } = await scripted();
    server.on(LAUNCH, answer(200, running()));
    server.on(WAIT, holdIsOver);
    const execution = await shell.execAsync('sleep 60');
    await expect(execution.result({ longPoll: { timeoutMs: 1500 } })).rejects.toMatchObject({
      kind: 'timeout',
    });
    // Without a guard, some thousands.
    expect(server.received(WAIT).length).toBeLessThan(40);
  });

  it('takes 404 as final', async () => {
    const { server, shell } = await scripted();
    server.on(LAUNCH, answer(200, running()));
    server.on(WAIT, answer(404, { message: 'There is no such execution.' }));
    const execution = await shell.execAsync('sleep 60');
    await expect(execution.result()).rejects.toMatchObject({ kind: 'not_found', status: 404 });
    expect(server.received(WAIT)).toHaveLength(1);
  });

  it('ends at once with its signal and leaves no connection; the execution can be waited for again', async () => {
    const { server, shell } = await scripted();
    server.on(LAUNCH, answer(200, running()));
    server.on(WAIT, stall, answer(200, completed('again')));
    const execution = await shell.execAsync('sleep 60');
    const controller = new AbortController();
    const waiting = execution.result({ signal: controller.signal });
    await server.arrived(WAIT);
    controller.abort();
    await expect(waiting).rejects.toMatchObject({ kind: 'aborted' });
    await server.quiet();
    expect(await (await execution.result()).stdout()).toBe('again');
  });

  it('is settled by the answer to kill()', async () => {
    const { server, shell } = await scripted();
    server.on(LAUNCH, answer(200, running({ status: 'queued' })));
    server.on(WAIT, stall);
    server.on(KILL, answer(200, completed('', { exit_status: null })));
    const execution = await shell.execAsync('sleep 60');
    expect(execution.status).toBe('queued');
    const waiting = execution.result();
    await server.arrived(WAIT);
    await execution.kill({ processGroup: true });
    const result = await waiting;
    expect(result).toMatchObject({ exitCode: null, success: false, failed: false });
    expect(execution.status).toBe('completed');
    expect(server.received(KILL)[0]?.body).toEqual({ kill_process_group: true });
    await server.quiet();
  });

  it('is cancelled by a look and a kill where the server does not do it in one', async () => {
    const { server, shell } = await scripted();
    server.on(STATE, answer(200, running()), answer(200, running({ status: 'queued' })));
    server.on(KILL, answer(200, completed('', { exit_status: null })));
    const execution = shell.execution(EXECUTION_ID);
    expect(await execution.cancel()).toBe(false);
    expect(server.received(KILL)).toEqual([]);
    expect(await execution.cancel()).toBe(true);
    expect(server.received(KILL)[0]?.body).toEqual({});
  });

  it('asks nothing more once the end is known', async () => {
    const { server, shell } = await scripted();
    server.on(LAUNCH, answer(200, running()));
    server.on(WAIT, answer(200, completed('x')));
    const execution = await shell.execAsync('true');
    await execution.result();
    await execution.result();
    expect(server.received(WAIT)).toHaveLength(1);
  });

  it('fails with kind aborted when the client is closed', async () => {
    const { server, client, shell } = await scripted();
    server.on(LAUNCH, answer(200, running()));
    server.on(WAIT, stall);
    const execution = await shell.execAsync('sleep 60');
    const waiting = execution.result();
    await server.arrived(WAIT);
    const failed = expect(waiting).rejects.toMatchObject({
      kind: 'aborted',
      message: 'The client was closed. Make a new DevboxClient to go on.',
    });
    await client.close();
    await failed;
  });
});

describe('sendStdIn, closeStdIn, interrupt', () => {
  const SEND = 'POST /send_std_in';
  const taken = answer(200, { devbox_id: 'd', execution_id: EXECUTION_ID, success: true });

  it('send what the contract says', async () => {
    const { server, shell } = await scripted();
    server.on(SEND, taken);
    const execution = shell.execution(EXECUTION_ID);
    await execution.sendStdIn('hé\n');
    await execution.closeStdIn();
    await execution.interrupt();
    expect(server.received(SEND).map(({ body }) => body)).toEqual([
      { text: 'hé\n' },
      { signal: 'EOF' },
      { signal: 'INTERRUPT' },
    ]);
  });

  it('never send twice', async () => {
    const { server, shell } = await scripted();
    server.on(SEND, drop);
    await expect(shell.execution(EXECUTION_ID).sendStdIn('y\n')).rejects.toMatchObject({
      kind: 'unknown_outcome',
    });
    expect(server.received(SEND)).toHaveLength(1);
  });

  it('fail when the server does not take it', async () => {
    const { server, shell } = await scripted();
    server.on(SEND, answer(200, { devbox_id: 'd', execution_id: EXECUTION_ID, success: false }));
    await expect(shell.execution(EXECUTION_ID).interrupt()).rejects.toMatchObject({ kind: 'conflict' });
  });
});

describe('a long wait', () => {
  it('shows that the connection is back before the next hold ends', async () => {
    const states: string[] = [];
    const back = Promise.withResolvers<void>();
    const { server, shell } = await scripted({
      onConnection: ({ state }) => {
        states.push(state);
        if (states.join() === 'connected,retrying,connected') back.resolve();
      },
    });
    const end = Promise.withResolvers<void>();
    server.on(LAUNCH, answer(200, running()));
    server.on(WAIT, drop, hold(end.promise, answer(200, completed())));
    server.on(STATE, answer(200, running()));
    const waiting = (await shell.execAsync('sleep 60')).result();
    await back.promise;
    end.resolve();
    await waiting;
  });
});
