import type { DevboxStatus, DevboxView } from '../api/devbox.ts';
import type { NamedShellError } from './errors.ts';

/** What became of a devbox: one item of `devbox.watch()`. */
export interface DevboxEvent {
  /** What happened, for programs. */
  readonly type: DevboxEventType;
  /** What happened and what to do, for people. */
  readonly message: string;
  /** As the server told it; undefined where it told none. */
  readonly devbox: DevboxView | undefined;
}

/** What can become of a devbox. */
export type DevboxEventType =
  /** It is on its way; commands are refused until it runs. */
  | 'starting'
  | 'running'
  /** Its disk is kept, its processes are not. */
  | 'suspended'
  /** It runs after it was suspended: the shells in it are fresh ones. */
  | 'resumed'
  /** It could not be kept alive; that is tried again. */
  | 'keep_alive_failed'
  /** Its time was over, or its idle time. The last event, as are those below. */
  | 'out_of_time'
  | 'shutdown'
  | 'failed'
  /** The server does not take the key any more, as after it was rotated. */
  | 'unauthorized'
  /** The server knows no devbox of this id. */
  | 'not_found';

/** After these nothing more is told. */
export const LAST_EVENTS: ReadonlySet<DevboxEventType> = new Set([
  'out_of_time',
  'shutdown',
  'failed',
  'unauthorized',
  'not_found',
]);

/** Source: `shutdown_reason` in the official client's types. */
const OUT_OF_TIME: ReadonlySet<string> = new Set(['keep_alive_timeout', 'idle', 'ttl_expired']);

const PHASES: Readonly<Record<DevboxStatus, 'starting' | 'running' | 'suspended' | 'over'>> = {
  scheduled: 'starting',
  queued: 'starting',
  provisioning: 'starting',
  initializing: 'starting',
  running: 'running',
  suspending: 'suspended',
  suspended: 'suspended',
  // Shells come back with `running` and not before.
  resuming: 'suspended',
  failure: 'over',
  shutdown: 'over',
};

/** How often it was suspended so far: a suspension that came and went between two looks shows in the history alone. */
const suspensions = (view: DevboxView) =>
  view.state_transitions.filter(({ status }) => status === 'suspended').length;

/** What a new view tells; undefined when nothing changed for who uses the devbox. */
export function eventOf(before: DevboxView | undefined, view: DevboxView): DevboxEvent | undefined {
  const phase = PHASES[view.status];
  const phaseBefore = before && PHASES[before.status];
  const wasSuspended =
    phaseBefore === 'suspended' || (before !== undefined && suspensions(view) > suspensions(before));
  if (phase === phaseBefore && !(phase === 'running' && wasSuspended)) return undefined;
  const event = (type: DevboxEventType, told: string) => ({
    type,
    message: `Devbox ${view.id} ${told}`,
    devbox: view,
  });
  switch (phase) {
    case 'starting':
      return event(
        'starting',
        `is ${view.status}. Commands are refused until it runs: wait with awaitRunning().`,
      );
    case 'running':
      return wasSuspended
        ? event(
            'resumed',
            'runs again after it was suspended. Shells start afresh, without the directory, variables and jobs that they had.',
          )
        : event('running', 'runs.');
    case 'suspended':
      return event(
        'suspended',
        `is ${view.status}: its disk is kept, its processes are not. Bring it back with resume().`,
      );
    case 'over':
      return over(view, event);
  }
}

function over(view: DevboxView, event: (type: DevboxEventType, told: string) => DevboxEvent): DevboxEvent {
  if (view.status === 'failure') {
    return event('failed', `has failed: ${view.failure_reason ?? 'no reason given'}. Create another.`);
  }
  const reason = view.shutdown_reason ?? 'no reason given';
  return OUT_OF_TIME.has(reason)
    ? event(
        'out_of_time',
        `has ended: its time was over (${reason}). Create another; keepAliveEvery, or more keep_alive_time_seconds in its launch_parameters, keep one longer.`,
      )
    : event('shutdown', `was shut down (${reason}). Create another.`);
}

/** What a refusal tells; undefined when it is about something else. */
export function eventOfRefusal(devboxId: string, error: NamedShellError): DevboxEvent | undefined {
  if (error.kind === 'authentication') {
    const message = `The server does not take the key for devbox ${devboxId}: ${error.message} What runs there goes on: make a DevboxClient with the new key.`;
    return { type: 'unauthorized', message, devbox: undefined };
  }
  if (error.kind === 'not_found') {
    return { type: 'not_found', message: error.message, devbox: undefined };
  }
  return undefined;
}
