import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findBash } from '../../src/devbox/engine/bash/find-bash.ts';
import { interruptAtRandom } from '../devbox/engine/interrupt-at-random.ts';

const TRIES = 2000;

/** 2,000 interrupts at random times; `NSH_SEED` gives other times than the last run's. */
export async function run(): Promise<void> {
  const seed = Number(process.env.NSH_SEED ?? 1);
  const bash = await findBash(process.env);
  const folder = await mkdtemp(join(tmpdir(), 'nsh-bench-'));
  try {
    const env = { PATH: process.env.PATH ?? '/usr/bin:/bin', HOME: folder };
    const options = { bash, dir: join(folder, 'shell'), cwd: folder, env };
    const started = performance.now();
    const { errors, hangs, slowest } = await interruptAtRandom(options, {
      tries: TRIES,
      seed,
      limitMs: 20_000,
    });
    const seconds = (performance.now() - started) / 1000;
    console.log(`bash ${bash.version}, seed ${seed}: ${TRIES} interrupts in ${seconds.toFixed(0)} s`);
    console.log(`hangs         ${hangs.length}`);
    console.log(`state errors  ${errors.length}`);
    console.log(`slowest       ${slowest.ms.toFixed(0)} ms (${slowest.command})`);
    for (const line of [...hangs.map((hang) => `hang ${hang}`), ...errors]) console.log(`  ${line}`);
    if (hangs.length + errors.length > 0) process.exitCode = 1;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
