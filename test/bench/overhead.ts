import { execFileSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { LOCAL_DEVBOX_ID } from '../../src/api/extension/server.ts';
import { socketPath } from '../../src/devbox/server/socket-path.ts';
import { DevboxClient } from '../../src/sdk/client.ts';
import { measureEngineRoundTrip } from './engine-round-trip.ts';

const ROUNDS = 5;
const COMMANDS = 400;
const WARM_UP = 100;

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
      exec.push(await p50(() => shell.exec('true')));
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

/** Median duration of one call, µs. */
async function p50(call: () => Promise<unknown>): Promise<number> {
  const times: number[] = [];
  for (let index = 0; index < WARM_UP + COMMANDS; index++) {
    const started = performance.now();
    await call();
    if (index >= WARM_UP) times.push((performance.now() - started) * 1000);
  }
  return median(times);
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}
