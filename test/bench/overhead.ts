import { execFileSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { LOCAL_DEVBOX_ID } from '../../src/api/extension/server.ts';
import { socketPath } from '../../src/devbox/server/socket-path.ts';
import { DevboxClient } from '../../src/sdk/client.ts';
import { measureEngineRoundTrip } from './engine-round-trip.ts';
import { median, medianOfCalls } from './report.ts';

const ROUNDS = 5;
const COUNTS = { warmUp: 100, calls: 400 };

/**
 * What the SDK, HTTP and the socket add to a command: `exec('true')` against the background server, in a process of
 * its own as users have it, beside the engine's bare round trip. Both alternate, so that a noisy machine hits both.
 */
export async function run(): Promise<void> {
  const state = await mkdtemp(path.join(os.tmpdir(), 'nsh-bench-'));
  const env = { ...process.env, NSH_STATE_DIR: state };
  const nsh = path.join(import.meta.dirname, '../../dist/cli.js');
  execFileSync(process.execPath, [nsh, '-c', 'true', 'bench'], { env });
  const client = new DevboxClient({ socketPath: socketPath(state, env) });
  try {
    const shell = client.devbox.fromId(LOCAL_DEVBOX_ID).shell('bench');
    const engine: number[] = [];
    const exec: number[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      engine.push((await measureEngineRoundTrip()).p50);
      exec.push(await medianOfCalls(() => shell.exec('true'), COUNTS));
    }
    const [bare, whole] = [median(engine), median(exec)];
    console.log(`engine round trip of true   p50 ${bare.toFixed(0)} µs`);
    console.log(`exec('true') through the SDK p50 ${whole.toFixed(0)} µs`);
    console.log(`ratio                        ${(whole / bare).toFixed(2)} (at most 8)`);
    if (whole / bare > 8) process.exitCode = 1;
  } finally {
    await client.close();
    execFileSync(process.execPath, [nsh, 'stop'], { env });
    await rm(state, { recursive: true, force: true });
  }
}
