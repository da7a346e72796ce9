import { EXIT } from './exit-status.ts';

const STATUS = { SIGINT: EXIT.ok, SIGTERM: EXIT.terminated, SIGHUP: EXIT.hangup } as const;

export interface UntilSignal extends Disposable {
  /** Aborts at the first signal; the second ends the process as it would without a listener. */
  readonly signal: AbortSignal;
  exitStatus(): number;
}

/** For a server in the foreground: Ctrl-C is how people end it, so it is no failure. */
export function untilSignal(): UntilSignal {
  const controller = new AbortController();
  let received: keyof typeof STATUS | undefined;
  const listeners = (['SIGINT', 'SIGTERM', 'SIGHUP'] as const).map((name) => {
    const listener = () => {
      received = name;
      controller.abort();
    };
    process.once(name, listener);
    return () => process.off(name, listener);
  });
  return {
    signal: controller.signal,
    exitStatus: () => (received ? STATUS[received] : EXIT.ok),
    [Symbol.dispose]: () => {
      for (const off of listeners) off();
    },
  };
}
