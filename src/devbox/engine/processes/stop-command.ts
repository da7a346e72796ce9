import { setTimeout as delay } from 'node:timers/promises';
import { leaveToChild } from './leave-to-child.ts';
import type { NewestChild } from './newest-child.ts';
import { listProcesses, type ProcessRow } from './process-table.ts';
import { sendSignal } from './send-signal.ts';
import { ToldProcesses } from './told-processes.ts';

/** What stopping a running command needs of its shell. */
export interface StopTarget {
  bashPid: number;
  /** Never a job from before the command: those survive every interrupt. */
  newestChild: NewestChild;
  /** Its text starts nothing in the background: see `runsInForegroundOnly`. */
  foregroundOnly: boolean;
  /** Aborted as soon as the command is over. */
  over: AbortSignal;
  /** SIGINT to bash itself. It can throw bash out of the line with the end marker, hence `askSync`. */
  interruptBash(): void;
  /** Asks bash to report that it is back at top level: shows that the command is over when its end marker was lost. */
  askSync(): void;
  /** The last resort. */
  endShell(reason: string): void;
}

/** bash ends a loop of builtins within 1 ms; a child in a group of its own has to be told separately. */
const CHILD_AFTER_MS = 30;
const RETRY_MS = 40;
const SLOWEST_RETRY_MS = 5000;
const SYNC_ATTEMPTS = 60;
const KILL_ATTEMPTS = 20;
/** A program that two Ctrl-C did not end may not be what bash waits for after all. */
const LEFT_TO_CHILD = 2;

/**
 * One Ctrl-C: SIGINT once to bash, and once to the group of its newest own child. Never more often: many programs take
 * the second one as "leave at once, without cleaning up" (hence `ToldProcesses`), and what a user's own INT trap starts must be left in peace.
 * bash remembers a SIGINT that came while it waits, and drops the rest of the line when the child is gone.
 *
 * A child that handles SIGINT is told alone, and decides what becomes of the line: see `leaveToChild`.
 *
 * @param nth the how-many-eth Ctrl-C for this command, from 1
 */
export async function interruptCommand(target: StopTarget, nth: number): Promise<void> {
  const { bashPid, newestChild, foregroundOnly, over } = target;
  if (nth <= LEFT_TO_CHILD) {
    const look = () => pause(CHILD_AFTER_MS, over);
    if (await leaveToChild({ bashPid, newestChild, foregroundOnly, pause: look })) return;
    if (over.aborted) return;
  }
  target.interruptBash();
  let seen = await target.newestChild();
  let told: ToldProcesses | undefined;
  let wait = CHILD_AFTER_MS;
  for (let attempt = 0; attempt < SYNC_ATTEMPTS; attempt++) {
    if (!(await pause(wait, target.over))) return;
    const child = told ? undefined : await target.newestChild();
    if (target.over.aborted) return;
    // Only a child that was there at the last look too: one that is just forked still has bash's own handlers.
    if (child && child.pid === seen?.pid) {
      told = new ToldProcesses(await signalForeground(target.bashPid, child, 'SIGINT'));
    } else {
      told?.tellDeafAgain();
    }
    seen = child;
    target.askSync();
    wait = attempt < 8 ? RETRY_MS : Math.min(wait * 1.5, SLOWEST_RETRY_MS);
  }
}

/**
 * SIGKILL to the command's processes; the shell and its state stay. SIGINT goes first to bash: that drops the rest of
 * the line, so that in `sleep 9; rm -rf x` the killed `sleep` is not followed by `rm`. When nothing helps (a loop of
 * builtins under `trap '' INT`), bash itself is ended after about a second.
 */
export async function killCommand(target: StopTarget): Promise<void> {
  for (let attempt = 0; attempt < KILL_ATTEMPTS; attempt++) {
    target.interruptBash();
    const child = await target.newestChild();
    if (target.over.aborted) return;
    if (child) await signalForeground(target.bashPid, child, 'SIGKILL');
    target.askSync();
    if (!(await pause(RETRY_MS + attempt, target.over))) return;
  }
  target.endShell('bash could not be brought to drop the command that was killed, so the shell was ended');
}

/**
 * A command substitution is in bash's own group, then bash is spared. (So is everything under `set +m`, jobs of earlier
 * too: those ignore SIGINT, but not the SIGKILL.)
 */
async function signalForeground(
  bashPid: number,
  child: ProcessRow,
  signal: NodeJS.Signals,
): Promise<ProcessRow[]> {
  // The group at once, before a look at the table: what is forked meanwhile gets it too.
  if (child.pgid !== bashPid) sendSignal(-child.pgid, signal);
  const group = (await listProcesses()).filter((row) => row.pgid === child.pgid && row.pid !== bashPid);
  if (child.pgid === bashPid) for (const row of group) sendSignal(row.pid, signal);
  return group.map((row) => (row.pid === child.pid ? child : row));
}

/** False when the command was over before the time was. */
async function pause(ms: number, over: AbortSignal): Promise<boolean> {
  try {
    await delay(ms, undefined, { signal: over });
    return true;
  } catch (error) {
    if (over.aborted) return false;
    throw error;
  }
}
