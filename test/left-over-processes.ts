import { mkdtempSync, readdirSync, readFileSync, readlinkSync, realpathSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';

/** What was told to end may take so long, ms; longer on a machine that is badly overloaded. */
const GRACE_MS = 10_000;
const LOOK_EVERY_MS = 50;

interface LeftOver {
  readonly pid: number;
  readonly command: string;
  /** Where it stands: the folder has the name of the helper that made it. */
  readonly cwd: string;
}

/**
 * Every temporary folder of the run is made in one, so that a process that a test left behind can be told from those of
 * other people and other runs: by its environment or its working directory. Such processes are ended, and fail the run.
 * Where there is no /proc nothing is looked for.
 */
export function setup(): () => Promise<void> {
  const run = realpathSync(mkdtempSync(path.join(os.tmpdir(), 'n')));
  process.env.TMPDIR = run;
  return () => endRun(run);
}

async function endRun(run: string): Promise<void> {
  const givesUpAt = performance.now() + GRACE_MS;
  let left = leftOver(run);
  while (left.length > 0 && performance.now() < givesUpAt) {
    await setTimeout(LOOK_EVERY_MS);
    left = leftOver(run);
  }
  end(left);
  rmSync(run, { recursive: true, force: true, maxRetries: 5 });
  if (left.length === 0) return;
  process.exitCode = 1;
  const lines = left.map(({ pid, command, cwd }) => `  ${pid}  ${command}  in ${cwd}`);
  throw new Error(`Tests left processes behind, which were ended now:\n${lines.join('\n')}`);
}

/** Ends what a test could not keep from outliving its shell: processes with the folder in their environment, or in it. */
export function endLeftOver(folder: string): void {
  end(leftOver(folder));
}

function end(processes: readonly LeftOver[]): void {
  for (const { pid } of processes) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // It has just ended by itself.
    }
  }
}

function leftOver(run: string): LeftOver[] {
  return processIds()
    .filter((pid) => !isOurs(pid) && (environment(pid).includes(run) || folderOf(pid).startsWith(run)))
    .map((pid) => ({ pid, command: commandOf(pid), cwd: folderOf(pid) }))
    .filter(({ command }) => command !== '');
}

function processIds(): number[] {
  try {
    return readdirSync('/proc')
      .map(Number)
      .filter((pid) => pid > 0);
  } catch {
    return [];
  }
}

/** This process, and what it runs the tests in. */
function isOurs(pid: number): boolean {
  return pid === process.pid || /\b(vitest|vitest-watchdog|esbuild)\b/.test(commandOf(pid));
}

const environment = (pid: number) => readProc(pid, 'environ');
const commandOf = (pid: number) => readProc(pid, 'cmdline').replaceAll('\0', ' ').trim();

/** Empty for a process that has ended, or is another user's. */
function readProc(pid: number, name: string): string {
  try {
    return readFileSync(`/proc/${pid}/${name}`, 'latin1');
  } catch {
    return '';
  }
}

function folderOf(pid: number): string {
  try {
    return readlinkSync(`/proc/${pid}/cwd`);
  } catch {
    return '';
  }
}
