import { createHash } from 'node:crypto';
import { realpath } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LOCAL_DEVBOX_ID } from '../../src/api/extension/server.ts';
import { DevboxClient } from '../../src/sdk/client.ts';
import type { Devbox } from '../../src/sdk/devbox.ts';
import { startTestDevbox, type TestDevbox } from '../helpers/devbox-server.ts';

/** The client against the embedded devbox with real bash. */
let served: TestDevbox;
let client: DevboxClient;
let devbox: Devbox;

beforeAll(async () => {
  served = await startTestDevbox();
  client = new DevboxClient({ socketPath: served.server.socketPath });
  devbox = client.devbox.fromId(LOCAL_DEVBOX_ID);
});
afterAll(async () => {
  await client?.close();
  await served?.[Symbol.asyncDispose]();
});

describe('a named shell', () => {
  it('keeps directory, variables, functions and options, also for another object of the same name', async () => {
    const shell = devbox.shell();
    await shell.exec('cd /tmp; export A=1; hello() { echo "hello $1"; }; set -o pipefail');
    const result = await devbox.shell(shell.name).exec('pwd; echo "$A"; hello you; false | true');
    expect(await result.stdout()).toBe(`${await realpath('/tmp')}\n1\nhello you\n`);
    expect(result.exitCode).toBe(1);
  });

  it('runs typed-ahead commands in order and hands their output out in order', async () => {
    const shell = devbox.shell();
    const seen: string[] = [];
    const launches = Array.from({ length: 12 }, (_, index) =>
      shell.execAsync(`sleep 0.0${index % 3}; echo ${index}; echo e${index} >&2`, {
        stdout: (chunk) => seen.push(chunk),
        stderr: (chunk) => seen.push(chunk),
      }),
    );
    const executions = await Promise.all(launches);
    const results = await Promise.all(executions.map((execution) => execution.result()));
    expect(results.map(({ exitCode }) => exitCode)).toEqual(Array(12).fill(0));
    const numbers = seen
      .join('')
      .trim()
      .split('\n')
      .map((line) => Number(line.replace('e', '')));
    expect(numbers).toEqual([...numbers].sort((a, b) => a - b));
    expect(numbers).toHaveLength(24);
  });

  it('is opened, described, listed and closed', async () => {
    const shell = devbox.shell('with / and ü');
    expect(await shell.info()).toBeUndefined();
    expect(await shell.open({ cwd: served.home })).toMatchObject({ created: true });
    expect(await shell.open()).toMatchObject({ created: false });
    expect(await shell.info()).toMatchObject({ shell_name: 'with / and ü', state: 'idle' });
    expect((await devbox.shells())?.map(({ shell_name }) => shell_name)).toContain('with / and ü');
    expect(await shell.close()).toBe(true);
    expect(await shell.close()).toBe(false);
  });

  it('cancels what is queued, at once, and runs the rest', async () => {
    const shell = devbox.shell();
    // Until its bash is there the first command waits as well.
    await shell.open();
    const chunks: string[] = [];
    const output = { output: (chunk: string) => chunks.push(chunk) };
    const head = await shell.execAsync('read -r line', { ...output, attach_stdin: true });
    const doomed = await shell.execAsync('echo never', output);
    const last = await shell.execAsync('echo last', output);
    expect(doomed.status).toBe('queued');
    const cancelled = doomed.result();
    expect(await doomed.cancel()).toBe(true);
    expect(await doomed.cancel()).toBe(true);
    expect(await head.cancel()).toBe(false);
    expect((await cancelled).result.nsh?.end_reason).toBe('cancelled');
    expect((await cancelled).success).toBe(false);
    await head.sendStdIn('go on\n');
    expect((await head.result()).success).toBe(true);
    expect((await last.result()).success).toBe(true);
    expect(chunks.join('')).toBe('last\n');
  });

  it('interrupts what runs', async () => {
    const started = Promise.withResolvers<string>();
    const execution = await devbox.shell().execAsync('echo started; sleep 100', { stdout: started.resolve });
    await started.promise;
    await execution.interrupt();
    expect((await execution.result()).exitCode).toBe(130);
  });

  it('kills what runs and keeps its state', async () => {
    const shell = devbox.shell();
    await shell.exec('export KEPT=yes');
    const execution = await shell.execAsync('(trap "" INT; while :; do sleep 1; done)');
    await execution.kill({ processGroup: true });
    expect((await execution.result()).success).toBe(false);
    expect(await (await shell.exec('echo $KEPT')).stdout()).toBe('yes\n');
  });

  it('says how a command ended whose shell went with it, and what was queued behind', async () => {
    const shell = devbox.shell();
    const first = await shell.execAsync('sleep 0.1; exit 3');
    const behind = await shell.execAsync('echo never');
    const ended = await first.result();
    expect(ended.exitCode).toBe(3);
    expect(ended.result.nsh?.end_reason).toBe('shell_ended');
    expect((await behind.result()).result.nsh?.end_reason).toBe('cancelled');
  });

  it('takes stdin where it was asked for', async () => {
    const shell = devbox.shell();
    const chunks: string[] = [];
    const execution = await shell.execAsync('while read -r line; do echo "<$line>"; done', {
      attach_stdin: true,
      stdout: (chunk) => chunks.push(chunk),
    });
    await execution.sendStdIn('ä\n');
    await execution.sendStdIn('b\n');
    await execution.closeStdIn();
    await execution.result();
    expect(chunks.join('')).toBe('<ä>\n<b>\n');
  });

  it('refuses a name that the server does not take', async () => {
    await expect(devbox.shell('a\nb').exec('true')).rejects.toMatchObject({ kind: 'invalid_request' });
  });
});

describe('output', () => {
  it('is exact as bytes: 3 MB at random, through a slow reader', async () => {
    const shell = devbox.shell();
    const execution = await shell.execAsync(
      'head -c 3000000 /dev/urandom | tee random.bin; sha256sum <random.bin >&2',
    );
    const hash = createHash('sha256');
    let length = 0;
    for await (const chunk of execution.bytes('stdout')) {
      hash.update(chunk);
      length += chunk.length;
      await new Promise(setImmediate);
    }
    const result = await execution.result();
    expect(length).toBe(3_000_000);
    expect((await result.stderr()).split(' ')[0]).toBe(hash.digest('hex'));
  });

  it('is exact as text: 100,000 characters of three bytes', async () => {
    const chunks: string[] = [];
    await devbox.shell().exec(`printf '€%.0s' {1..100000}; printf 'end'`, {
      stdout: (chunk) => chunks.push(chunk),
    });
    expect(chunks.join('')).toBe(`${'€'.repeat(100_000)}end`);
  });

  it('is whole when exec returns, whatever a background job still holds', async () => {
    const chunks: string[] = [];
    const result = await devbox
      .shell()
      .exec('sleep 30 & seq 20000', { stdout: (chunk) => chunks.push(chunk) });
    expect(result.exitCode).toBe(0);
    expect(chunks.join('').trim().split('\n')).toHaveLength(20_000);
    expect(chunks.join('').endsWith('20000\n')).toBe(true);
  });

  it('is fetched by a result whose view was cut', async () => {
    const result = await devbox.cmd.exec('seq 1000; seq 300 >&2');
    expect((await result.stdout()).split('\n')).toHaveLength(1001);
    expect(await result.stdout(3)).toBe('998\n999\n1000');
    expect((await result.stdout(150)).split('\n')[0]).toBe('851');
    expect((await result.stderr()).split('\n')).toHaveLength(301);
  });
});

describe('a devbox', () => {
  it('is created, listed, described and shut down', async () => {
    const created = await client.devbox.create({ name: 'made-by-the-test' });
    expect((await created.getInfo()).name).toBe('made-by-the-test');
    expect((await client.devbox.list()).map(({ id }) => id)).toContain(created.id);
    expect((await created.cmd.exec('exit 4')).exitCode).toBe(4);
    await created.keepAlive();
    expect((await created.shutdown()).status).toBe('shutdown');
  });

  it('logs what ran', async () => {
    const shell = devbox.shell();
    await shell.exec('echo logged');
    const { logs } = await devbox.logs({ shell_name: shell.name });
    expect(logs.some(({ cmd }) => cmd === 'echo logged')).toBe(true);
  });

  it('that does not exist is said not to', async () => {
    await expect(client.devbox.fromId('nowhere').getInfo()).rejects.toMatchObject({ kind: 'not_found' });
    await expect(client.devbox.fromId('nowhere').shell('x').exec('true')).rejects.toMatchObject({
      kind: 'not_found',
    });
  });
});

it('says at once that a token is wrong', async () => {
  await using tcp = await startTestDevbox({ listen: 'tcp' });
  const stranger = new DevboxClient({ baseURL: tcp.server.url, bearerToken: 'wrong' });
  try {
    await expect(stranger.server()).rejects.toMatchObject({ kind: 'authentication', status: 401 });
    await expect(stranger.devbox.fromId(LOCAL_DEVBOX_ID).shell('x').open()).rejects.toMatchObject({
      kind: 'authentication',
    });
  } finally {
    await stranger.close();
  }
});

it('stops a server', async () => {
  await using other = await startTestDevbox();
  const its = new DevboxClient({ socketPath: other.server.socketPath });
  await its.stopServer();
  await other.server.closed;
  await its.close();
});
