import { z } from 'zod';
import { Refusal } from '../refusal.ts';

/** Longest `keep_alive_time_seconds`. Source: the official client's `LaunchParameters`. */
const MAX_TIME_TO_LIVE_SECONDS = 172_800;

const afterIdle = z
  .object({ idle_time_seconds: z.number().positive(), on_idle: z.enum(['shutdown', 'suspend']) })
  .nullish();
const launchTimes = z.looseObject({
  keep_alive_time_seconds: z.number().positive().max(MAX_TIME_TO_LIVE_SECONDS).nullish(),
  after_idle: afterIdle,
  lifecycle: z.looseObject({ after_idle: afterIdle }).nullish(),
});

/** How long a devbox may be idle, or else how long it lives. */
export interface LifeTimes {
  readonly afterIdle?: { readonly idleMs: number; readonly onIdle: 'shutdown' | 'suspend' };
  /** Not where `afterIdle` is set: that is how it is documented. Unset: for ever. */
  readonly timeToLiveMs?: number;
}

/**
 * The times in launch parameters.
 *
 * @throws Refusal `launch_parameters_invalid`
 */
export function lifeTimes(launchParameters: Readonly<Record<string, unknown>>): LifeTimes {
  const parsed = launchTimes.safeParse(launchParameters);
  if (!parsed.success) {
    throw invalid(parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('. '));
  }
  const { keep_alive_time_seconds, after_idle, lifecycle } = parsed.data;
  const idle = lifecycle?.after_idle ?? after_idle ?? undefined;
  if (idle !== undefined) {
    const same =
      (after_idle ?? idle).idle_time_seconds === idle.idle_time_seconds &&
      (after_idle ?? idle).on_idle === idle.on_idle;
    if (!same) throw invalid('after_idle and lifecycle.after_idle are not the same: give one of them');
    return { afterIdle: { idleMs: idle.idle_time_seconds * 1000, onIdle: idle.on_idle } };
  }
  return typeof keep_alive_time_seconds === 'number' ? { timeToLiveMs: keep_alive_time_seconds * 1000 } : {};
}

function invalid(what: string): Refusal {
  return new Refusal(400, 'launch_parameters_invalid', `launch_parameters are wrong. ${what}.`);
}
