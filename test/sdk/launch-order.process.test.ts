import { describe, expect, it } from 'vitest';
import { answer, drop, hold } from '../helpers/misbehaving-server.ts';
import { scripted } from './scripted.ts';
import { commandsOf, LAUNCH, LAUNCH_WITH_STDIN, LOGS, SERVER, started } from './scripted-launch.ts';
import { completed, EXECUTION_ID, embedded, running } from './views.ts';

describe('launches of one shell', () => {
  it('leave in call order, one at a time', async () => {
    const { server, shell } = await scripted();
    const first = Promise.withResolvers<void>();
    server.on(LAUNCH, hold(first.promise, answer(200, running())), answer(200, completed()));
    server.on(LAUNCH_WITH_STDIN, answer(200, running()));
    const launched = [
      shell.execAsync('one'),
      shell.execAsync('two', { attach_stdin: true }),
      shell.exec('three'),
      shell.execAsync('four'),
    ];
    await server.arrived(LAUNCH);
    const { shell: other } = await scripted({ baseURL: server.url });
    await other.exec('elsewhere');
    expect(commandsOf(server.received(LAUNCH))).toEqual(['one', 'elsewhere']);
    expect(server.received(LAUNCH_WITH_STDIN)).toHaveLength(0);
    first.resolve();
    await Promise.all(launched);
    expect(commandsOf(server.received(LAUNCH))).toEqual(['one', 'elsewhere', 'three', 'four']);
    expect(commandsOf(server.received(LAUNCH_WITH_STDIN))).toEqual(['two']);
  });

  it('go on after one that was refused', async () => {
    const { server, shell } = await scripted();
    server.on(LAUNCH, answer(400, { message: 'no' }), answer(200, running()));
    const refused = shell.execAsync('one');
    const next = shell.execAsync('two');
    await expect(refused).rejects.toMatchObject({ kind: 'invalid_request' });
    await next;
    expect(server.received(LAUNCH)).toHaveLength(2);
  });

  it('are never sent when given up while they wait', async () => {
    const { server, shell } = await scripted();
    const first = Promise.withResolvers<void>();
    server.on(LAUNCH, hold(first.promise, answer(200, running())), answer(200, running()));
    const controller = new AbortController();
    const launched = shell.execAsync('one');
    const given = shell.execAsync('two', {}, { signal: controller.signal });
    const third = shell.execAsync('three');
    await server.arrived(LAUNCH);
    controller.abort();
    await expect(given).rejects.toMatchObject({
      kind: 'aborted',
      message: expect.stringContaining('it was never sent'),
    });
    first.resolve();
    await Promise.all([launched, third]);
    expect(commandsOf(server.received(LAUNCH))).toEqual(['one', 'three']);
  });
});

describe('launches behind one whose outcome is unknown', () => {
  async function unknown() {
    const setting = await scripted({ maxRetries: 0 });
    const { server, shell } = setting;
    server.on(LAUNCH_WITH_STDIN, drop);
    const lost = shell.execAsync('deploy', { attach_stdin: true });
    const behind = shell.execAsync('after');
    return { ...setting, lost, behind };
  }

  it('wait until it is found', async () => {
    const { server, shell, lost, behind } = await unknown();
    const found = Promise.withResolvers<void>();
    const there = hold(found.promise, answer(200, { logs: [started('deploy', EXECUTION_ID)] }));
    server
      .on(LOGS, answer(200, { logs: [] }), answer(200, { logs: [] }), there)
      .on(`GET /executions/${EXECUTION_ID}`, answer(200, running()))
      .on(LAUNCH, answer(200, running({ execution_id: 'e2' })));
    await expect(lost).rejects.toMatchObject({ kind: 'unknown_outcome' });
    expect(shell.unsettled).toMatchObject({ command: 'deploy', error: { kind: 'unknown_outcome' } });
    await server.arrived(LOGS, 3);
    expect(server.received(LAUNCH)).toEqual([]);
    found.resolve();
    expect((await behind).executionId).toBe('e2');
    expect(shell.unsettled).toBeUndefined();
  });

  it('leave when the caller decides', async () => {
    const { server, shell, lost, behind } = await unknown();
    server.on(LOGS, answer(200, { logs: [] })).on(LAUNCH, answer(200, running()));
    await expect(lost).rejects.toMatchObject({ kind: 'unknown_outcome' });
    await server.arrived(LOGS, 3);
    expect(await shell.unsettled?.look()).toBeUndefined();
    shell.unsettled?.goOn();
    await behind;
    expect(commandsOf(server.received(LAUNCH))).toEqual(['after']);
    expect(server.received(LAUNCH_WITH_STDIN)).toHaveLength(1);
    await server.quiet();
  });

  it('leave when the caller has found it', async () => {
    const { server, shell, lost, behind } = await unknown();
    const never = Promise.withResolvers<void>();
    server
      .on(
        LOGS,
        answer(200, { logs: [] }),
        hold(never.promise, drop),
        answer(200, { logs: [started('deploy', 'e1')] }),
      )
      .on('GET /executions/e1', answer(200, completed('', { execution_id: 'e1' })))
      .on(LAUNCH, answer(200, running()));
    await expect(lost).rejects.toMatchObject({ kind: 'unknown_outcome' });
    await server.arrived(LOGS, 2);
    const execution = await shell.unsettled?.look();
    expect((await execution?.result())?.exitCode).toBe(0);
    await behind;
  });

  it('are given up with their own signal, and never sent', async () => {
    const { server, shell, lost, behind } = await unknown();
    server.on(LOGS, answer(200, { logs: [] })).on(LAUNCH, answer(200, running()));
    await expect(lost).rejects.toMatchObject({ kind: 'unknown_outcome' });
    const controller = new AbortController();
    const given = shell.exec('given up', {}, { signal: controller.signal });
    controller.abort();
    await expect(given).rejects.toMatchObject({ kind: 'aborted' });
    shell.unsettled?.goOn();
    await behind;
    expect(commandsOf(server.received(LAUNCH))).toEqual(['after']);
  });

  it('leave when the server knows ids, and says that it never came', async () => {
    const { server, shell } = await scripted({ maxRetries: 0 });
    server
      .on(SERVER, answer(200, { ...embedded, capabilities: ['request_id'] }))
      .on(LAUNCH, drop, answer(200, running()));
    await expect(shell.execAsync('deploy')).rejects.toMatchObject({ kind: 'unknown_outcome' });
    await shell.execAsync('after');
    expect(commandsOf(server.received(LAUNCH))).toEqual(['deploy', 'after']);
    expect(shell.unsettled).toBeUndefined();
  });
});
