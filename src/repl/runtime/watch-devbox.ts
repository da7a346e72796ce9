import type { DevboxPort, Diagnose } from './shell-port.ts';
import type { Store } from './store.ts';

/** Brings what becomes of the devbox into the state, until the signal fires. */
export async function watchDevbox(
  devbox: DevboxPort,
  store: Store,
  diagnose: Diagnose,
  signal: AbortSignal,
): Promise<void> {
  try {
    for await (const news of devbox.watch?.(signal) ?? []) {
      if (signal.aborted) return;
      store.dispatch({ type: 'devbox-news', news, now: Date.now() });
    }
  } catch (error) {
    if (signal.aborted) return;
    store.dispatch({ type: 'failed', what: 'Watching the devbox', message: diagnose(error).message });
  }
}
