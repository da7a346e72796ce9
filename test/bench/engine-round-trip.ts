import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findBash } from '../../src/devbox/engine/bash/find-bash.ts';
import { BashSession } from '../../src/devbox/engine/bash-session.ts';

const WARM_UP = 300;
const ROUNDS = 3000;

/** Median time in µs from `run('true')` to its outcome, on one shell, without HTTP. */
export async function measureEngineRoundTrip(): Promise<{ p50: number }> {
  const folder = mkdtempSync(join(tmpdir(), 'nsh-bench-'));
  const session = await BashSession.start({
    bash: await findBash(process.env),
    dir: join(folder, 'shell'),
    cwd: folder,
    env: { PATH: process.env.PATH ?? '/usr/bin:/bin', HOME: folder },
  });
  const times: number[] = [];
  try {
    for (let round = 0; round < WARM_UP + ROUNDS; round++) {
      const started = performance.now();
      await session.run({ command: 'true', stdin: 'none', stdout: ignore, stderr: ignore }).outcome;
      if (round >= WARM_UP) times.push((performance.now() - started) * 1000);
    }
  } finally {
    await session.close();
    rmSync(folder, { recursive: true, force: true });
  }
  times.sort((a, b) => a - b);
  return { p50: times[Math.floor(times.length / 2)] ?? Number.NaN };
}

function ignore(): void {}

if (import.meta.main) {
  const { p50 } = await measureEngineRoundTrip();
  console.log(`engine round trip of \`true\`: p50 ${p50.toFixed(0)} µs`);
}
