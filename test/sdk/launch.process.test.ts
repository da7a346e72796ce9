import { describe, expect, it, onTestFinished } from 'vitest';
import { answer, drop, MisbehavingServer } from '../helpers/misbehaving-server.ts';
import { scripted } from './scripted.ts';
import { commandsOf, LAUNCH, LAUNCH_WITH_STDIN, LOGS, SERVER, started } from './scripted-launch.ts';
import { EXECUTION_ID, embedded, running } from './views.ts';

const withId = { ...embedded, capabilities: ['request_id'] };
const stdin = { attach_stdin: true };
const ids = (requests: readonly { body: unknown }[]) =>
  requests.map(({ body }) => (body as { command_id: string }).command_id);

describe('execAsync', () => {
  it('goes through execute under an id of its own, and holds for nothing', async () => {
    const { server, shell } = await scripted();
    server.on(LAUNCH, answer(200, running()));
    const smuggled = { shell_name: 'other', command: 'rm', extra: 1 };
    expect((await shell.execAsync('make', smuggled as object)).status).toBe('running');
    expect(server.received(LAUNCH)[0]?.body).toEqual({
      command: 'make',
      shell_name: 'main',
      command_id: expect.stringMatching(/^[0-9a-f]{8}-[0-9a-f]{4}-7/),
      optimistic_timeout: 0,
    });
    const command_id = '0190b4f2-7a00-7000-8000-000000000001';
    await shell.execAsync('make', { command_id });
    expect(server.received(LAUNCH)[1]?.body).toMatchObject({ command_id });
    expect(server.unexpected).toEqual([]);
  });

  it('is sent again with the same id, whatever happened to it', async () => {
    const { server, shell } = await scripted();
    const lost = [drop, answer(502, '<html>'), answer(200, '<html>'), answer(500, { message: 'x' })];
    server.on(LAUNCH, ...lost, answer(200, running()));
    await shell.execAsync('deploy');
    expect(ids(server.received(LAUNCH))).toHaveLength(5);
    expect(new Set(ids(server.received(LAUNCH))).size).toBe(1);
  });

  it('makes another id for the same command another time', async () => {
    const { server, shell } = await scripted();
    server.on(LAUNCH, answer(200, running()));
    await shell.execAsync('deploy');
    await shell.execAsync('deploy');
    expect(new Set(ids(server.received(LAUNCH))).size).toBe(2);
  });

  it('says that its outcome is unknown when no answer came at all', async () => {
    const { server, shell } = await scripted({ maxRetries: 1 });
    server.on(LAUNCH, drop);
    await expect(shell.execAsync('deploy')).rejects.toMatchObject({
      kind: 'unknown_outcome',
      message: expect.stringContaining('Every try carried the same id, so it was done once at most.'),
    });
    expect(server.received(LAUNCH)).toHaveLength(2);
  });

  it('keeps the outcome unknown when a later try is refused', async () => {
    const { server, shell } = await scripted();
    server.on(LAUNCH, drop, answer(401, { message: 'the key was rotated' }));
    await expect(shell.execAsync('deploy')).rejects.toMatchObject({ kind: 'unknown_outcome', status: 401 });
  });

  it('comes again after 429, when the server says', async () => {
    const { server, shell } = await scripted();
    const busy = answer(429, { message: 'slow down' }, { 'retry-after-ms': '30' });
    server.on(LAUNCH, busy, busy, answer(200, running()));
    expect((await shell.execAsync('deploy')).status).toBe('running');
    expect(server.received(LAUNCH)).toHaveLength(3);
  });

  it('refuses what the server refuses', async () => {
    const { server, shell } = await scripted();
    server.on(LAUNCH, answer(400, { message: 'The command holds a NUL.', code: 'command_nul' }));
    await expect(shell.execAsync('a\0b')).rejects.toMatchObject({
      kind: 'invalid_request',
      code: 'command_nul',
      message: expect.stringContaining('The command holds a NUL.'),
    });
  });
});

describe('execAsync with stdin, on the service', () => {
  it('sends exactly the fields of the contract', async () => {
    const { server, shell } = await scripted();
    server.on(LAUNCH_WITH_STDIN, answer(200, running()));
    const smuggled = { shell_name: 'other', command: 'rm', extra: 1, attach_stdin: true };
    await shell.execAsync('cat', smuggled as object);
    expect(server.received(LAUNCH_WITH_STDIN)[0]?.body).toEqual({
      command: 'cat',
      shell_name: 'main',
      attach_stdin: true,
    });
  });

  it('launches once against a server that accepts and then drops, and says that the outcome is unknown', async () => {
    const { server, shell } = await scripted({ maxRetries: 2 });
    server.on(LAUNCH_WITH_STDIN, drop).on(LOGS, answer(200, { logs: [] }));
    await expect(shell.execAsync('deploy', stdin)).rejects.toMatchObject({
      kind: 'unknown_outcome',
      message: expect.stringContaining('The command may be running'),
    });
    expect(server.received(LAUNCH_WITH_STDIN)).toHaveLength(1);
    expect(server.received(LOGS)).toHaveLength(3);
  });

  it.each([500, 502, 503, 408, 200])('launches once when the answer is a page with %i', async (status) => {
    const { server, shell } = await scripted({ maxRetries: 0 });
    server.on(LAUNCH_WITH_STDIN, answer(status, '<html>')).on(LOGS, answer(404, { message: 'x' }));
    await expect(shell.execAsync('deploy', stdin)).rejects.toMatchObject({ kind: 'unknown_outcome' });
    expect(server.received(LAUNCH_WITH_STDIN)).toHaveLength(1);
  });

  it('is found in the logs, where the launch got no answer', async () => {
    const { server, shell } = await scripted();
    const none = { logs: [started('other', 'e1'), started('cat', 'e2', { shell_name: 'elsewhere' })] };
    server
      .on(LAUNCH_WITH_STDIN, drop)
      .on(LOGS, answer(200, none), answer(200, { logs: [...none.logs, started('cat', EXECUTION_ID)] }))
      .on(`GET /executions/${EXECUTION_ID}`, answer(200, running()));
    expect(await shell.execAsync('cat', stdin)).toMatchObject({
      executionId: EXECUTION_ID,
      status: 'running',
    });
    expect(server.received(LAUNCH_WITH_STDIN)).toHaveLength(1);
    expect(server.received(LOGS)[0]?.query.get('shell_name')).toBe('main');
  });

  it('takes none of several that it may be', async () => {
    const { server, shell } = await scripted({ maxRetries: 0 });
    server
      .on(LAUNCH_WITH_STDIN, drop)
      .on(LOGS, answer(200, { logs: [started('cat', 'e1'), started('cat', 'e2')] }));
    await expect(shell.execAsync('cat', stdin)).rejects.toMatchObject({ kind: 'unknown_outcome' });
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
          server.on(LAUNCH_WITH_STDIN, answer(200, running())),
        );
      },
    });
    onTestFinished(async () => (await back)?.close());
    await shell.execAsync('deploy', stdin);
    expect((await back)?.received(LAUNCH_WITH_STDIN)).toHaveLength(1);
  });
});

describe('execAsync with stdin, where the server takes x-request-id', () => {
  it('is sent again with the same id', async () => {
    const { server, shell } = await scripted();
    server.on(SERVER, answer(200, withId));
    server.on(LAUNCH_WITH_STDIN, drop, answer(503, '<html>'), answer(200, running()));
    expect((await shell.execAsync('cat', stdin)).status).toBe('running');
    const requests = server.received(LAUNCH_WITH_STDIN);
    expect(commandsOf(requests)).toEqual(['cat', 'cat', 'cat']);
    const sent = new Set(requests.map(({ headers }) => headers['x-request-id']));
    expect([...sent]).toEqual([expect.stringMatching(/^[0-9a-f-]{36}$/)]);
  });

  it('is not sent again by a server that merely is one of ours', async () => {
    const { server, shell } = await scripted({ maxRetries: 1 });
    server.on(SERVER, answer(200, embedded)).on(LAUNCH_WITH_STDIN, drop);
    await expect(shell.execAsync('cat', stdin)).rejects.toMatchObject({ kind: 'unknown_outcome' });
    expect(server.received(LAUNCH_WITH_STDIN)).toHaveLength(1);
  });
});
