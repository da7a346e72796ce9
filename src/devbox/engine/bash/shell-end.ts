import { constants } from 'node:os';

/** How a bash process ended. */
export interface ShellEnd {
  /** As a shell reports it: 128 + n for signal n. 255 where `unknown` is set. */
  exitStatus: number;
  /** It ended while it was no child of this server: nobody knows its exit status. */
  unknown?: true;
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

/** Of a bash that another server had started. */
export function describeUnknownEnd(reason: string | undefined): ShellEnd {
  return {
    exitStatus: 255,
    unknown: true,
    message: reason ?? 'bash ended; its exit status is unknown, because the server that started it was gone',
  };
}
