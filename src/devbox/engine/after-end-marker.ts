import { setImmediate as nextTurn, setTimeout as pause } from 'node:timers/promises';

/** How long, ms, what a line runs in `>(…)` may take to hand on what the line wrote. */
const SUBSTITUTION_LIMIT_MS = 250;
const LOOK_EVERY_MS = 5;

/**
 * When what a command's foreground wrote can be collected, after its end marker: one look of the event loop later, some
 * 5 µs, because that tells of the FIFOs in the order in which they were written to. `make > >(tee log)` ends before its
 * `tee` has written: that is waited for, for a moment.
 *
 * @param isFree whether nobody writes to the command's output any more
 */
export async function afterEndMarker(command: string, isFree: () => boolean): Promise<void> {
  await nextTurn();
  await nextTurn();
  if (!command.includes('>(')) return;
  const end = performance.now() + SUBSTITUTION_LIMIT_MS;
  while (!isFree() && performance.now() < end) await pause(LOOK_EVERY_MS);
}
