import type { Store } from './store.ts';

const BUSY_TICK_MS = 1_000;
/** At rest the queue of a shared shell and its cwd may still change from elsewhere, unless the devbox tells. */
const IDLE_TICK_MS = 2_000;

/** Ticks each second while something runs, waits or reconnects, and seldom otherwise. Ends with `signal`. */
export function startClock(store: Store, signal: AbortSignal): void {
  let timer: NodeJS.Timeout | undefined;
  let period = 0;
  const adjust = () => {
    const { entries, connection, live } = store.state();
    const busy = entries.length > 0 || connection.kind !== 'connected';
    const wanted = busy ? BUSY_TICK_MS : live ? 0 : IDLE_TICK_MS;
    if (wanted === period) return;
    period = wanted;
    clearInterval(timer);
    if (period > 0) timer = setInterval(() => store.dispatch({ type: 'tick', now: Date.now() }), period);
  };
  const unsubscribe = store.subscribe(adjust);
  adjust();
  signal.addEventListener('abort', () => {
    clearInterval(timer);
    unsubscribe();
  });
}
