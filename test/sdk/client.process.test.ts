import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import http from 'node:http';
import os from 'node:os';
import path from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { DevboxClient } from '../../src/sdk/client.ts';
import { answer, drop } from '../helpers/misbehaving-server.ts';
import { scripted, TOKEN } from './scripted.ts';
import { completed, embedded, running } from './views.ts';

const LOGIN_REFUSED = { message: `the key ${TOKEN} is not known` };

afterEach(() => vi.unstubAllEnvs());

describe('DevboxClient', () => {
  it('takes address and key from the environment', async () => {
    const { server } = await scripted();
    server.on('POST /execute', answer(200, completed()));
    vi.stubEnv('RUNLOOP_BASE_URL', `${server.url}/prefix/`);
    vi.stubEnv('RUNLOOP_API_KEY', 'from-environment');
    const client = new DevboxClient();
    await client.devbox.fromId('d').cmd.exec('true');
    await client.close();
    const [request] = server.received('POST /execute');
    expect(request?.path).toBe('/prefix/v1/devboxes/d/execute');
    expect(request?.headers.authorization).toBe('Bearer from-environment');
  });

  it('holds for no longer than holdSeconds', async () => {
    const { server, shell } = await scripted({ holdSeconds: 9 });
    server.on('POST /execute', answer(200, running())).on('POST /wait_for_status', answer(200, completed()));
    await shell.exec('true');
    expect(server.received('POST /execute')[0]?.body).toMatchObject({ optimistic_timeout: 9 });
    expect(server.received('POST /wait_for_status')[0]?.body).toMatchObject({ timeout_seconds: 9 });
    for (const holdSeconds of [0, 26, 1.5]) {
      expect(() => new DevboxClient({ bearerToken: 'k', holdSeconds })).toThrow(
        `holdSeconds must be a whole number from 1 to 25, it is ${holdSeconds}.`,
      );
    }
  });

  it('says what is missing', () => {
    vi.stubEnv('RUNLOOP_API_KEY', '');
    expect(() => new DevboxClient()).toThrow(
      'No key for the devbox server: set RUNLOOP_API_KEY, or give the option bearerToken (or socketPath for a local server).',
    );
    expect(() => new DevboxClient({ bearerToken: 'k', baseURL: 'localhost:1' })).toThrow(
      'The base URL (option baseURL or RUNLOOP_BASE_URL) is not an http:// or https:// address.',
    );
  });

  it('speaks over a Unix socket, without the key of the environment', async () => {
    const folder = await mkdtemp(path.join(os.tmpdir(), 'nsh-sdk-'));
    const socketPath = path.join(folder, 's');
    const seen: (string | undefined)[] = [];
    const server = http.createServer((request, response) => {
      seen.push(request.headers.authorization);
      response.setHeader('content-type', 'application/json').end(JSON.stringify(embedded));
    });
    server.listen(socketPath);
    await once(server, 'listening');
    vi.stubEnv('RUNLOOP_API_KEY', 'not-for-sockets');
    const client = new DevboxClient({ socketPath });
    try {
      expect(await client.server()).toMatchObject({ capabilities: ['raw_output'] });
      expect(await client.server()).toMatchObject({ pid: 1 });
      expect(seen).toEqual([undefined]);
    } finally {
      await client.close();
      server.close();
      await rm(folder, { recursive: true });
    }
  });

  it('names a socket that is not there', async () => {
    const client = new DevboxClient({ socketPath: '/nonexistent/s', maxRetries: 0 });
    await expect(client.server()).rejects.toMatchObject({
      kind: 'connection',
      message:
        'Asking the server what it is failed: cannot connect to unix:/nonexistent/s: no such socket (ENOENT). Nothing was sent. Check that the server runs and that its address is right.',
    });
    await client.close();
  });

  it('puts the key into no error, no log line and no event', async () => {
    const lines: string[] = [];
    const logger = { debug: (line: string) => lines.push(line), warn: (line: string) => lines.push(line) };
    const { server, client, shell } = await scripted({
      logger,
      onConnection: (event) => lines.push(JSON.stringify(event)),
    });
    server
      .on('POST /execute', drop, answer(503, LOGIN_REFUSED), answer(401, LOGIN_REFUSED))
      .on('POST /execute_async', answer(200, '<html>'));
    const failures = await Promise.allSettled([
      shell.exec('echo private-command'),
      client.devbox.fromId('d').shell('other').execAsync('echo private-command', { attach_stdin: true }),
      client.devbox.list(),
    ]);
    const told = failures.map((failure) =>
      failure.status === 'rejected' ? describeAll(failure.reason) : 'fulfilled',
    );
    expect(told.join('\n')).toContain('the key [key] is not known');
    expect(told.join('\n')).toContain('it is not JSON');
    expect([...told, ...lines].join('\n')).not.toContain(TOKEN);
    expect(lines.join('\n')).not.toContain('private-command');
    expect(lines.length).toBeGreaterThan(4);
  });

  it('survives a listener that throws', async () => {
    const { server, shell } = await scripted({
      onConnection: () => {
        throw new Error('listener');
      },
    });
    server.on('POST /execute', answer(200, completed()));
    expect((await shell.exec('true')).success).toBe(true);
  });

  it.each([404, 403, 401, 405])(
    'takes a server that answers %i to the extension for the service',
    async (status) => {
      const { server, client, shell } = await scripted();
      server.on('GET /nsh/v1/server', answer(status, { message: 'x' }));
      expect(await client.server()).toBeUndefined();
      expect(await client.devbox.fromId('d').shells()).toBeUndefined();
      expect(await shell.open({ cwd: '/' })).toBeUndefined();
      expect(await shell.info()).toBeUndefined();
      await expect(shell.close()).rejects.toMatchObject({
        kind: 'invalid_request',
        message: expect.stringContaining('offers no call that closes a shell'),
      });
      expect(server.received('GET /nsh/v1/server')).toHaveLength(1);
    },
  );

  it('does not take an embedded devbox that refuses the key for the service', async () => {
    const { server, client } = await scripted();
    server.on('GET /nsh/v1/server', answer(401, { message: 'wrong token', code: 'token_wrong' }));
    await expect(client.server()).rejects.toMatchObject({ kind: 'authentication', code: 'token_wrong' });
  });

  it('waits for a new devbox, and says why it did not come', async () => {
    const { server, client } = await scripted();
    const view = (status: string, more: object = {}) => ({
      id: 'dbx_1',
      status,
      capabilities: [],
      create_time_ms: 0,
      launch_parameters: {},
      metadata: {},
      state_transitions: [],
      ...more,
    });
    server
      .on('POST /v1/devboxes', answer(200, view('provisioning')))
      .on(
        'POST /dbx_1/wait_for_status',
        answer(408, { message: 'not yet' }),
        answer(200, view('running')),
        answer(200, view('failure', { failure_reason: 'out of memory' })),
      );
    expect((await client.devbox.create({ name: 'n' })).id).toBe('dbx_1');
    expect(server.received('POST /v1/devboxes')[0]?.body).toEqual({ name: 'n' });
    await expect(client.devbox.create()).rejects.toMatchObject({
      kind: 'server',
      message: expect.stringContaining('dbx_1 is in state failure: out of memory'),
    });
  });

  it('lets a process end that never closed it', async () => {
    const { server } = await scripted();
    server.on('POST /execute', answer(200, completed('bye')));
    const script = path.join(import.meta.dirname, 'fixtures/exec-and-fall-through.ts');
    const child = spawn(process.execPath, [script], {
      env: { ...process.env, RUNLOOP_BASE_URL: server.url, RUNLOOP_API_KEY: TOKEN },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const printed = child.stdout.toArray();
    // The server never ends an idle connection: one that counted would hold the process for ever.
    const [code] = await once(child, 'exit');
    expect(code).toBe(0);
    expect(Buffer.concat(await printed).toString()).toBe('bye');
  });
});

function describeAll(error: unknown): string {
  const parts: string[] = [];
  for (let at = error; at instanceof Error; at = at.cause)
    parts.push(at.message, JSON.stringify(at), at.stack ?? '');
  return parts.join('\n');
}
