import { constants } from 'node:os';

/** How a bash process ended. */
export interface ShellEnd {
  /** As a shell reports it: 128 + n for signal n. */
  exitStatus: number;
  signal?: NodeJS.Signals;
  /** For people: `bash exited with 3`. */
  message: string;
}

/** `reason`: why the engine itself ended it. */
export function describeEnd(
  code: number | null,
  signal: NodeJS.Signals | null,
  reason: string | undefined,
): ShellEnd {
  if (signal === null) {
    const exitStatus = code ?? 0;
    return { exitStatus, message: reason ?? `bash exited with ${exitStatus}` };
  }
  const exitStatus = 128 + (constants.signals[signal] ?? 0);
  return { exitStatus, signal, message: reason ?? `bash was ended by ${signal}` };
}
