import { setTimeout as delay } from 'node:timers/promises';
import { lookAtProcesses, type ProcessLook } from './process-look.ts';
import type { ProcessRow } from './process-table.ts';
import { sendSignal } from './send-signal.ts';

const LOOK_EVERY_MS = 10;
const GRACE_MS = 500;
const GONE_WITHIN_MS = 3000;

/**
 * Ends a shell and its jobs as a closed terminal does: SIGHUP to every process of its session, and SIGKILL to what is
 * there half a second later (so `nohup` alone does not survive; what left the session with `setsid` does). A job may get
 * two: bash passes its own on, but not to what was disowned.
 *
 * @param bashEnded whether bash is gone already: its pid may then be another process's.
 * @throws Error when the process table cannot be read.
 */
export async function hangUp(bashPid: number, bashEnded: () => boolean): Promise<void> {
  const groups = new Set<number>();
  let members = await sessionMembers(bashPid, groups, bashEnded());
  // bash first: it must not begin the next command of a list whose current one was hung up.
  if (!bashEnded()) sendSignal(-bashPid, 'SIGHUP');
  signalGroups(members, 'SIGHUP');
  signalGroups(members, 'SIGCONT'); // stopped ones notice the SIGHUP only now
  const started = Date.now();
  let killed = false;
  while (members.length > 0 && Date.now() - started < GONE_WITHIN_MS) {
    await delay(LOOK_EVERY_MS);
    members = await sessionMembers(bashPid, groups, bashEnded());
    if (Date.now() - started < GRACE_MS) continue;
    // Again on each look: a process may have been forked between the look and the signal.
    if (!killed && !bashEnded()) sendSignal(-bashPid, 'SIGKILL');
    killed = true;
    signalGroups(members, 'SIGKILL');
  }
}

function signalGroups(members: readonly ProcessRow[], signal: NodeJS.Signals): void {
  for (const pgid of new Set(members.map((row) => row.pgid))) sendSignal(-pgid, signal);
}

/** Where sessions are not shown (macOS), bash's process group and those of its children stand for them. */
async function sessionMembers(
  bashPid: number,
  groups: Set<number>,
  bashEnded: boolean,
): Promise<readonly ProcessRow[]> {
  const look = await lookAtProcesses();
  // A session keeps its leader's pid from being reused: a process that has it is no member of ours.
  if (bashEnded && look.all.has(bashPid)) return [];
  const members = look.tellsSessions ? look.session(bashPid) : membersByGroup(look, bashPid, groups);
  return members.filter((row) => row.state !== 'Z');
}

function membersByGroup({ all }: ProcessLook, bashPid: number, groups: Set<number>): ProcessRow[] {
  for (const row of all.values()) {
    if (row.pid === bashPid || row.ppid === bashPid) groups.add(row.pgid);
  }
  return [...all.values()].filter((row) => groups.has(row.pgid));
}
