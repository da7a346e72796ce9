import { readFileSync } from 'node:fs';
import type { NewestChild } from './newest-child.ts';
import { type ProcessRow, readProcess } from './process-table.ts';
import { sendSignal } from './send-signal.ts';
import { sigintDisposition } from './sigint-disposition.ts';

/** What it takes to leave a Ctrl-C to the child that bash waits for. */
export interface ChildInForeground {
  bashPid: number;
  newestChild: NewestChild;
  /** The command has no job in the background that could be taken for the one in the foreground. */
  foregroundOnly: boolean;
  /** Resolves after a while, to false when the command is over by then. */
  pause: () => Promise<boolean>;
}

const LOOKS = 5;

/**
 * A Ctrl-C at a terminal reaches the foreground job and not bash, which looks at what the job makes of it: when a program
 * ends by the signal, bash drops the rest of the line; when it cleans up and exits by itself (`docker compose up; ./after`),
 * bash goes on with what follows. Done here the same way where the job is sure to handle the signal. Everywhere else bash
 * is told first, which stops loops of short children too, and drops the rest of the line in any case.
 *
 * @returns whether the signal was sent (or the command has ended meanwhile); false: bash has to be told
 */
export async function leaveToChild(command: ChildInForeground): Promise<boolean> {
  const { bashPid, newestChild, foregroundOnly, pause } = command;
  if (!foregroundOnly) return false;
  for (let look = 0; look < LOOKS; look++) {
    const child = await newestChild();
    if (!child || !handlesSigint(child, bashPid)) return false;
    if (waitsForChild(bashPid)) {
      // One that has ended makes nothing of the signal. Looked at before, not after: it may be quick to clean up and exit.
      return (readProcess(child.pid)?.state ?? 'Z') !== 'Z' && sendSignal(-child.pgid, 'SIGINT');
    }
    // bash may not have got to its waitpid yet.
    if (!(await pause())) return true;
  }
  return false;
}

/** A fork of bash has bash's own handlers at first, and would become a second bash that reads our lines. */
function handlesSigint(child: ProcessRow, bashPid: number): boolean {
  return child.hasExecuted === true && child.pgid !== bashPid && sigintDisposition(child.pid) === 'handled';
}

/** bash sits in waitpid: it neither runs a loop of builtins nor reads. */
function waitsForChild(bashPid: number): boolean {
  if (readProcess(bashPid)?.state !== 'S') return false;
  try {
    // `0` where the system does not show it.
    return ['do_wait', '0'].includes(readFileSync(`/proc/${bashPid}/wchan`, 'latin1'));
  } catch {
    return true;
  }
}
