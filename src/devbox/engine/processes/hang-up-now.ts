import { listPids, type ProcessRow, readProcess } from './process-table.ts';
import { sendSignal } from './send-signal.ts';

const LOOK_EVERY_MS = 10;
const GRACE_MS = 500;

/**
 * What `hangUp` does, for a process that ends: it blocks, for half a second at most. Where sessions are not shown (macOS)
 * bash alone is hung up, and passes that on to its jobs.
 */
export function hangUpNow(bashPids: readonly number[]): void {
  if (bashPids.length === 0) return;
  const sessions = new Set(bashPids);
  // bash first: it must not begin the next command of a list whose current one was hung up.
  for (const pid of bashPids) sendSignal(pid, 'SIGHUP');
  signalGroups(membersOf(sessions), 'SIGHUP');
  signalGroups(membersOf(sessions), 'SIGCONT'); // stopped ones notice the SIGHUP only now
  const started = performance.now();
  while (membersOf(sessions).length > 0 && performance.now() - started < GRACE_MS) sleep(LOOK_EVERY_MS);
  signalGroups(membersOf(sessions), 'SIGKILL');
}

function signalGroups(members: readonly ProcessRow[], signal: NodeJS.Signals): void {
  for (const pgid of new Set(members.map((row) => row.pgid))) sendSignal(-pgid, signal);
}

function membersOf(sessions: ReadonlySet<number>): ProcessRow[] {
  return listPids()
    .flatMap((pid) => readProcess(pid) ?? [])
    .filter(({ sid, state }) => sid !== undefined && sessions.has(sid) && state !== 'Z');
}

function sleep(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}
