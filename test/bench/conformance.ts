import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { RunloopSDK } from '@runloop/api-client';
import { Pool } from 'undici';
import { v7 as uuidv7 } from 'uuid';
import { LOCAL_DEVBOX_ID } from '../../src/api/extension/server.ts';
import { routes } from '../../src/api/routes.ts';
import { DevboxClient } from '../../src/sdk/client.ts';
import { atMost, median, medianOfCalls, print } from './report.ts';

const ROUNDS = 7;
const COUNTS = { warmUp: 50, calls: 200 };

/**
 * A command in a named shell through our client and the official one, over both of its protocols, against a server in a
 * process of its own; and a bare POST to the same route. They alternate, so that a noisy machine hits all.
 */
export async function run(): Promise<void> {
  const state = await mkdtemp(path.join(os.tmpdir(), 'nsh-bench-'));
  const { server, url, token } = await serve(state);
  const pool = new Pool(url, { connections: 1 });
  const ours = new DevboxClient({ baseURL: url, bearerToken: token });
  const official = (http2: boolean) => new RunloopSDK({ baseURL: url, bearerToken: token, http2 });
  const shellOf = (client: DevboxClient | RunloopSDK, name: string) =>
    client.devbox.fromId(LOCAL_DEVBOX_ID).shell(name);
  const [one, two, three] = [
    shellOf(ours, 'ours'),
    shellOf(official(true), 'http2'),
    shellOf(official(false), 'http1'),
  ];
  const ways: Record<string, () => Promise<unknown>> = {
    'a bare POST of undici': () => post(pool, token),
    'our client': () => one.exec('true'),
    'the official client, HTTP/2': () => two.exec('true'),
    'the official client, HTTP/1.1': () => three.exec('true'),
  };
  try {
    const measured = new Map(Object.keys(ways).map((name) => [name, [] as number[]]));
    for (let round = 0; round < ROUNDS; round++) {
      for (const [name, way] of Object.entries(ways))
        measured.get(name)?.push(await medianOfCalls(way, COUNTS));
    }
    const ofWay = (name: string) => median(measured.get(name) ?? []);
    for (const name of Object.keys(ways)) {
      print({ name: `a command in a named shell: ${name}`, value: `${ofWay(name).toFixed(0)} µs` });
    }
    const ratio = ofWay('our client') / ofWay('a bare POST of undici');
    print({
      name: 'our client to a bare POST',
      value: ratio.toFixed(2),
      target: atMost(1.5, ratio),
    });
    if (ratio > 1.5) process.exitCode = 1;
  } finally {
    await ours.close();
    await pool.close();
    server.kill();
    await once(server, 'exit');
    await rm(state, { recursive: true, force: true });
  }
}

async function serve(state: string): Promise<{ server: ChildProcess; url: string; token: string }> {
  const nsh = path.join(import.meta.dirname, '../../dist/cli.js');
  const server = spawn(process.execPath, [nsh, 'serve', '--listen', '127.0.0.1:0', '--json'], {
    env: { ...process.env, NSH_STATE_DIR: state },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  for await (const line of createInterface({ input: server.stdout })) {
    return { server, ...(JSON.parse(line) as { url: string; token: string }) };
  }
  throw new Error('nsh serve ended before it said where it listens.');
}

async function post(pool: Pool, token: string): Promise<void> {
  const { statusCode, body } = await pool.request({
    method: 'POST',
    path: routes.execute(LOCAL_DEVBOX_ID),
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ command: 'true', command_id: uuidv7(), shell_name: 'bare' }),
  });
  await body.json();
  if (statusCode !== 200) throw new Error(`POST was answered with ${statusCode}.`);
}
