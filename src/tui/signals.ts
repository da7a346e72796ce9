/** The signals by which a terminal or a supervisor ends a program. */
export type EndSignal = 'SIGINT' | 'SIGTERM' | 'SIGHUP' | 'SIGQUIT';

const END_SIGNALS: Record<EndSignal, number> = { SIGINT: 2, SIGTERM: 15, SIGHUP: 1, SIGQUIT: 3 };

/** As a shell says it. */
export const endStatus = (signal: EndSignal) => 128 + END_SIGNALS[signal];

export interface EndSignals {
  /** While another program has the terminal, Ctrl-C and `Ctrl-\\` are meant for it, though all of its group get them. */
  readonly setLent: (lent: boolean) => void;
  readonly off: () => void;
}

/**
 * Calls back on the first signal that means the end. A second one exits at once, so that nobody is stuck; exit
 * handlers still give the terminal back. The listener stays until `off`: without any, Ink's own handler would end
 * the process by the signal, past every exit handler.
 */
export function onEndSignal(listener: (signal: EndSignal) => void): EndSignals {
  let heardBefore = false;
  let lent = false;
  const heard = (signal: NodeJS.Signals) => {
    const name = signal as EndSignal;
    if (lent && (name === 'SIGINT' || name === 'SIGQUIT')) return;
    if (heardBefore) process.exit(endStatus(name));
    heardBefore = true;
    listener(name);
  };
  const signals = Object.keys(END_SIGNALS) as EndSignal[];
  for (const signal of signals) process.on(signal, heard);
  return {
    setLent: (isLent) => {
      lent = isLent;
    },
    off: () => {
      for (const signal of signals) process.off(signal, heard);
    },
  };
}
