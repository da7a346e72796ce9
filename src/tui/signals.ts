/** The signals by which a terminal or a supervisor ends a program, and what `nsh` was told last. */
export type EndSignal = 'SIGINT' | 'SIGTERM' | 'SIGHUP';

const END_SIGNALS: readonly EndSignal[] = ['SIGINT', 'SIGTERM', 'SIGHUP'];

/** Calls back on the first signal that means the end; a second one gets its default action, so nobody is stuck. */
export function onEndSignal(listener: (signal: EndSignal) => void): { off: () => void } {
  const off = () => {
    for (const signal of END_SIGNALS) process.off(signal, heard);
  };
  const heard = (signal: NodeJS.Signals) => {
    off();
    listener(signal as EndSignal);
  };
  for (const signal of END_SIGNALS) process.on(signal, heard);
  return { off };
}
