import { z } from 'zod';
import type { DevboxView } from '../api/devbox.ts';
import { routes } from '../api/routes.ts';
import { pause } from './abort.ts';
import { devboxReaches, otherThan, retrieveDevbox } from './await-devbox.ts';
import { type DevboxEvent, eventOf, eventOfRefusal, LAST_EVENTS } from './devbox-event.ts';
import { NamedShellError } from './errors.ts';
import { type ApiRequest, call } from './http/call.ts';
import type { Link } from './http/link.ts';
import { longPoll } from './http/long-poll.ts';
import { openScope } from './scope.ts';

/** What `devbox.watch` does beside watching. */
export interface WatchDevboxOptions {
  /** Sends a keep-alive so often while the devbox runs, ms. Default: never. */
  keepAliveEvery?: number | undefined;
}

/** How often a devbox is looked at where the server does not hold a wait for what may come, ms. */
const LOOK_EVERY_MS = 15_000;
const FOREVER = { maxRetries: Number.POSITIVE_INFINITY };

export function keepDevboxAlive(id: string): ApiRequest<unknown> {
  return {
    what: `Keeping devbox ${id} alive`,
    method: 'POST',
    path: routes.keepAlive(id),
    body: {},
    schema: z.unknown(),
    repeat: 'always',
  };
}

/**
 * What becomes of a devbox, from how it is now on, until an event that is the last. A broken network is waited out.
 *
 * @throws NamedShellError of kind `aborted` when the signal fires; of another kind for what no retry mends
 */
export async function* watchDevbox(
  link: Link,
  id: string,
  signal: AbortSignal | undefined,
  options: WatchDevboxOptions,
): AsyncGenerator<DevboxEvent, void> {
  const { keepAliveEvery } = options;
  if (keepAliveEvery !== undefined && !(keepAliveEvery > 0)) {
    throw new NamedShellError(
      'invalid_request',
      `keepAliveEvery must be above 0 ms, it is ${keepAliveEvery}. Leave it out to send none.`,
    );
  }
  const scope = openScope(link.transport.closed, { signal }, `Watching devbox ${id}`);
  const trouble = new Trouble();
  let view: DevboxView | undefined;
  try {
    if (keepAliveEvery !== undefined) {
      const isRunning = () => view?.status === 'running';
      keepAlive(link, id, keepAliveEvery, isRunning, trouble.add, scope.signal).catch(trouble.fail);
    }
    for (;;) {
      const change = nextChange(link, id, view, scope.signal).then((found) => ({ found }));
      // Whoever leaves the loop while it is awaited does not look at it any more.
      change.catch(() => undefined);
      let next = await Promise.race([change, trouble.arrived]);
      for (; 'message' in next; next = await Promise.race([change, trouble.arrived])) {
        trouble.taken();
        yield next;
      }
      const event = eventOf(view, next.found);
      view = next.found;
      if (event) yield event;
      if (event && LAST_EVENTS.has(event.type)) return;
    }
  } catch (error) {
    const event = error instanceof NamedShellError ? eventOfRefusal(id, error) : undefined;
    if (!event) throw error;
    yield event;
  } finally {
    scope.release();
  }
}

/** The view when it is another than it was; at once when there was none. */
async function nextChange(
  link: Link,
  id: string,
  before: DevboxView | undefined,
  signal: AbortSignal,
): Promise<DevboxView> {
  if (before === undefined) return await call(link, retrieveDevbox(id), { ...FOREVER, signal });
  const hasChanged = (view: DevboxView) =>
    view.status !== before.status || eventOf(before, view) !== undefined;
  try {
    const change = devboxReaches(id, otherThan(before.status), link.holdSeconds, hasChanged);
    return await longPoll(link, change, signal);
  } catch (error) {
    const cannotHold =
      error instanceof NamedShellError && (error.status === 408 || error.kind === 'invalid_request');
    if (!cannotHold) throw error;
  }
  await pause(LOOK_EVERY_MS, signal);
  return await call(link, retrieveDevbox(id), { ...FOREVER, signal });
}

async function keepAlive(
  link: Link,
  id: string,
  everyMs: number,
  isRunning: () => boolean,
  onTrouble: (event: DevboxEvent) => void,
  signal: AbortSignal,
): Promise<never> {
  for (;;) {
    await pause(everyMs, signal);
    if (!isRunning()) continue;
    try {
      await call(link, keepDevboxAlive(id), { signal });
    } catch (error) {
      if (signal.aborted || !(error instanceof NamedShellError)) throw error;
      const message = `Devbox ${id} was not kept alive, which is tried again in ${everyMs} ms: ${error.message}`;
      onTrouble({ type: 'keep_alive_failed', message, devbox: undefined });
    }
  }
}

/** What goes wrong beside the loop. One at a time is kept: those that follow while nobody looks say the same. */
class Trouble {
  #arrival = this.#expect();

  get arrived(): Promise<DevboxEvent> {
    return this.#arrival.promise;
  }

  readonly add = (event: DevboxEvent): void => this.#arrival.resolve(event);
  readonly fail = (error: unknown): void => this.#arrival.reject(error);

  taken(): void {
    this.#arrival = this.#expect();
  }

  #expect(): PromiseWithResolvers<DevboxEvent> {
    const arrival = Promise.withResolvers<DevboxEvent>();
    // It may fail when nobody looks any more.
    arrival.promise.catch(() => undefined);
    return arrival;
  }
}
