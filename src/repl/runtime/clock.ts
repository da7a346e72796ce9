import type { Store } from './store.ts';

const BUSY_TICK_MS = 1_000;
/** At rest the queue of a shared shell and its cwd may still change from elsewhere. */
const IDLE_TICK_MS = 2_000;

/** Ticks each second while something runs, waits or reconnects, and seldom otherwise. Ends with `signal`. */
export function startClock(store: Store, signal: AbortSignal): void {
  let timer: NodeJS.Timeout | undefined;
  let period = 0;
  const adjust = () => {
    const { entries, connection } = store.state();
    const wanted = entries.length > 0 || connection.kind !== 'connected' ? BUSY_TICK_MS : IDLE_TICK_MS;
    if (wanted === period) return;
    period = wanted;
    clearInterval(timer);
    timer = setInterval(() => store.dispatch({ type: 'tick', now: Date.now() }), period);
  };
  const unsubscribe = store.subscribe(adjust);
  adjust();
  signal.addEventListener('abort', () => {
    clearInterval(timer);
    unsubscribe();
  });
}
