import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findBash } from '../../../src/devbox/engine/bash/find-bash.ts';
import type { Devbox } from '../../../src/devbox/model/devbox/devbox.ts';
import { DevboxHost } from '../../../src/devbox/model/devbox/devbox-host.ts';
import { type Finding, median, timed } from '../report.ts';

const WARM_UP = 100;
const ROUNDS = 10;
const TRIES = 100;
const SILENT = 'true';
const COMMANDS = [SILENT, 'echo hi', 'echo hi; echo ho >&2'];

/** What it costs to keep a command and its output on disk: from acceptance to the end, in process, without HTTP. */
export async function shortOutput(): Promise<Finding[]> {
  const stateDir = await mkdtemp(join(tmpdir(), 'nsh-bench-'));
  const host = await DevboxHost.open({
    stateDir,
    bash: await findBash(process.env),
    home: stateDir,
    env: { PATH: process.env.PATH ?? '/usr/bin:/bin' },
    onBashEnded: () => {},
  });
  const devbox = host.get('local');
  const times = new Map<string, number[]>(COMMANDS.map((command) => [command, []]));
  try {
    for (let index = 0; index < WARM_UP; index++) for (const command of COMMANDS) await run(devbox, command);
    for (let round = 0; round < ROUNDS; round++) {
      for (const [command, taken] of times) {
        for (let index = 0; index < TRIES; index++)
          taken.push((await timed(() => run(devbox, command))) * 1000);
      }
    }
  } finally {
    await host.close();
    await host.dispose();
    await rm(stateDir, { recursive: true, force: true });
  }
  const silent = median(times.get(SILENT) ?? []);
  return [...times].flatMap(([command, taken]) => [
    { name: `${command}, accepted to completed, kept on disk, p50`, value: `${median(taken).toFixed(0)} µs` },
    ...(command === SILENT ? [] : [{ name: 'ratio to true', value: (median(taken) / silent).toFixed(2) }]),
  ]);
}

async function run(devbox: Devbox, command: string): Promise<void> {
  const execution = devbox.execute({ command, shellName: 'main', attachStdin: false });
  await execution.whenStatus(['completed'], Number.POSITIVE_INFINITY);
}
