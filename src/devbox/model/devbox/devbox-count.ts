import { Refusal } from '../refusal.ts';
import type { Devbox } from './devbox.ts';

/** Devboxes that were created and not shut down. Each costs a descriptor and some 70 KB, before it runs anything. */
export const MOST_DEVBOXES = 1_000;
/** Devboxes that were shut down and are still told of, for clients that ask how they ended. */
const MOST_SHUT_DOWN = 1_000;

const isShutDown = ({ life }: Devbox) => life.status === 'shutdown';

/**
 * @param devboxes with `local`, which does not count
 * @throws Refusal `too_many_devboxes`
 */
export function refuseUnlessRoom(devboxes: Iterable<Devbox>, most = MOST_DEVBOXES): void {
  const living = [...devboxes].filter((devbox) => !isShutDown(devbox)).length - 1;
  if (living < most) return;
  throw new Refusal(
    429,
    'too_many_devboxes',
    `There are ${living} created devboxes here, suspended ones too, and ${most} are the most. Shut down those that nobody needs (POST /v1/devboxes/{id}/shutdown), or create them with a time to live (launch_parameters).`,
    { 'x-should-retry': 'false' },
  );
}

/** Those that need not be told of any more. */
export function longShutDown(devboxes: Iterable<Devbox>): Devbox[] {
  const ended = [...devboxes].filter(isShutDown);
  return ended.slice(0, Math.max(0, ended.length - MOST_SHUT_DOWN));
}
