import { readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { listPids } from './process-table.ts';
import { sendSignal } from './send-signal.ts';

const LOOK_EVERY_MS = 10;
const GRACE_MS = 500;
const GONE_WITHIN_MS = 3000;

/**
 * Ends every process that has inherited `HOME` with this value, in whatever session: what a devbox with a home of its own
 * leaves when its shells are closed, such as jobs of commands without a shell. SIGTERM, and SIGKILL half a second later.
 * Does nothing where the system has no /proc, and does not find what has dropped its environment.
 */
export async function endHome(home: string): Promise<void> {
  let members = withHome(home);
  for (const pid of members) {
    sendSignal(pid, 'SIGTERM');
    sendSignal(pid, 'SIGCONT'); // a stopped one notices only then
  }
  const started = Date.now();
  while (members.length > 0 && Date.now() - started < GONE_WITHIN_MS) {
    await delay(LOOK_EVERY_MS);
    members = withHome(home);
    if (Date.now() - started > GRACE_MS) for (const pid of members) sendSignal(pid, 'SIGKILL');
  }
}

/** Those that can be looked at: one's own. A process that has ended has no environment. */
function withHome(home: string): number[] {
  const entry = `\0HOME=${home}\0`;
  return listPids().filter((pid) => pid !== process.pid && `\0${environmentOf(pid)}`.includes(entry));
}

function environmentOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'utf8');
  } catch {
    return ''; // gone, or another user's
  }
}
