import { describe, expect, it, onTestFinished } from 'vitest';
import { answer, drop, hold, MisbehavingServer } from '../helpers/misbehaving-server.ts';
import { scripted } from './scripted.ts';
import { completed, running } from './views.ts';

describe('execAsync', () => {
  it('launches once against a server that accepts and then drops, and says that the outcome is unknown', async () => {
    const { server, shell } = await scripted();
    server.on('POST /execute_async', drop);
    await expect(shell.execAsync('deploy')).rejects.toMatchObject({
      kind: 'unknown_outcome',
      message: expect.stringContaining('The command may be running'),
    });
    expect(server.received('POST /execute_async')).toHaveLength(1);
  });

  it.each([500, 502, 503, 408])('launches once when the answer is %i', async (status) => {
    const { server, shell } = await scripted();
    server.on('POST /execute_async', answer(status, '<html>'));
    await expect(shell.execAsync('deploy')).rejects.toMatchObject({ kind: 'unknown_outcome', status });
    expect(server.received('POST /execute_async')).toHaveLength(1);
  });

  it('comes again after 429, when the server says', async () => {
    const { server, shell } = await scripted();
    const busy = answer(429, { message: 'slow down' }, { 'retry-after-ms': '30' });
    server.on('POST /execute_async', busy, busy, answer(200, running()));
    const execution = await shell.execAsync('deploy');
    expect(execution.status).toBe('running');
    expect(server.received('POST /execute_async')).toHaveLength(3);
  });

  it('is retried while nothing could be sent', async () => {
    const gone = await MisbehavingServer.start();
    const { port, url } = gone;
    await gone.close();
    let back: Promise<MisbehavingServer> | undefined;
    const { shell } = await scripted({
      baseURL: url,
      onConnection: ({ state }) => {
        if (state !== 'retrying') return;
        back ??= MisbehavingServer.start(port, (server) =>
          server.on('POST /execute_async', answer(200, running())),
        );
      },
    });
    onTestFinished(async () => (await back)?.close());
    await shell.execAsync('deploy');
    expect((await back)?.received('POST /execute_async')).toHaveLength(1);
  });

  it('sends exactly the fields of the contract', async () => {
    const { server, shell } = await scripted();
    server.on('POST /execute_async', answer(200, running()));
    const smuggled = { shell_name: 'other', command: 'rm', extra: 1, attach_stdin: true };
    await shell.execAsync('cat', smuggled as object);
    expect(server.received('POST /execute_async')[0]?.body).toEqual({
      command: 'cat',
      shell_name: 'main',
      attach_stdin: true,
    });
  });

  it('refuses what the server refuses', async () => {
    const { server, shell } = await scripted();
    server.on(
      'POST /execute_async',
      answer(400, { message: 'The command holds a NUL.', code: 'command_nul' }),
    );
    await expect(shell.execAsync('a\0b')).rejects.toMatchObject({
      kind: 'invalid_request',
      code: 'command_nul',
      message: expect.stringContaining('The command holds a NUL.'),
    });
  });
});

describe('launches of one shell', () => {
  it('leave in call order, one at a time', async () => {
    const { server, shell } = await scripted();
    const first = Promise.withResolvers<void>();
    server.on('POST /execute_async', hold(first.promise, answer(200, running())), answer(200, running()));
    server.on('POST /execute', answer(200, completed()));
    const launched = [
      shell.execAsync('one'),
      shell.execAsync('two'),
      shell.exec('three'),
      shell.execAsync('four'),
    ];
    await server.arrived('POST /execute_async');
    const { shell: other } = await scripted({ baseURL: server.url });
    await other.exec('elsewhere');
    expect(server.received('POST /execute_async')).toHaveLength(1);
    expect(server.received('POST /execute')).toHaveLength(1);
    first.resolve();
    await Promise.all(launched);
    const order = server
      .received('POST /execute_async')
      .map(({ body }) => (body as { command: string }).command);
    expect(order).toEqual(['one', 'two', 'four']);
  });

  it('go on after one that failed', async () => {
    const { server, shell } = await scripted();
    server.on('POST /execute_async', drop, answer(200, running()));
    const lost = shell.execAsync('one');
    const next = shell.execAsync('two');
    await expect(lost).rejects.toMatchObject({ kind: 'unknown_outcome' });
    await next;
    expect(server.received('POST /execute_async')).toHaveLength(2);
  });

  it('are never sent when given up while they wait', async () => {
    const { server, shell } = await scripted();
    const first = Promise.withResolvers<void>();
    server.on('POST /execute_async', hold(first.promise, answer(200, running())), answer(200, running()));
    const controller = new AbortController();
    const launched = shell.execAsync('one');
    const given = shell.execAsync('two', {}, { signal: controller.signal });
    const third = shell.execAsync('three');
    await server.arrived('POST /execute_async');
    controller.abort();
    await expect(given).rejects.toMatchObject({
      kind: 'aborted',
      message: expect.stringContaining('it was never sent'),
    });
    first.resolve();
    await Promise.all([launched, third]);
    const commands = server
      .received('POST /execute_async')
      .map(({ body }) => (body as { command: string }).command);
    expect(commands).toEqual(['one', 'three']);
  });
});
