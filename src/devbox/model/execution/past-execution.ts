import type { PastExecution } from '../journal/devbox-past.ts';
import type { Execution } from './execution.ts';
import type { ExecutionEnd, ExecutionPast, ExecutionRequest } from './execution-request.ts';

/** What became of a bash, for people. */
export const GONE = 'its bash was gone when the server, which had been killed, came back';
/** Where nobody knows the exit status: what the engine says of a bash that is not its child. */
const LOST_STATUS = 255;

export function requestOf({ accepted }: PastExecution): ExecutionRequest {
  return {
    command: accepted.command,
    attachStdin: accepted.stdin === true,
    ...(accepted.merge === true ? { mergeStderr: true } : {}),
    ...(accepted.shell === undefined ? {} : { shellName: accepted.shell }),
    ...(accepted.command_id === undefined ? {} : { commandId: accepted.command_id }),
  };
}

/** @param left names of the streams of which there are files */
export function pastOf(
  { accepted, started, ended }: PastExecution,
  left: ReadonlySet<string> = new Set(),
): ExecutionPast {
  return {
    id: accepted.id,
    ...(accepted.n === undefined ? {} : { number: accepted.n }),
    queuedAtMs: accepted.at,
    ...(started === undefined ? {} : { startedAtMs: started.at }),
    ...(ended === undefined ? {} : { endedAtMs: ended.at, end: endOf(ended) }),
    freshShell: started?.fresh === true,
    adopted: ended?.adopted === true,
    left,
  };
}

function endOf({ reason, status, message, cwd }: NonNullable<PastExecution['ended']>): ExecutionEnd {
  return {
    reason,
    exitStatus: status,
    ...(message === undefined ? {} : { message }),
    ...(cwd === undefined ? {} : { cwd }),
  };
}

/** A flood may still have been on its way to disk when its end was noted: says what did not get there. */
export function missingOutput({ stdout, stderr }: Execution, { ended }: PastExecution): string | undefined {
  if (ended === undefined) return undefined;
  const bytes = Math.max(0, ended.out - stdout.size) + Math.max(0, ended.err - stderr.size);
  return bytes === 0 ? undefined : `${bytes} bytes of its output were lost when the server was killed`;
}

/** What may have been lost of a command that was running, for people; undefined when nothing was. */
export function lossOf({ accepted }: PastExecution, handedOver: boolean): string | undefined {
  const input = 'input that the command had not read yet';
  if (handedOver) {
    return accepted.stdin === true
      ? `the server was replaced while this command ran: ${input} may be missing`
      : undefined;
  }
  const also = accepted.stdin === true ? `, and ${input}` : '';
  return `the server was killed while this command ran, and another went on with it: output that was just being taken may be missing${also}`;
}

/** The end of a command that had begun in a bash of which nothing can be learned any more. */
export function lostEnd(): ExecutionEnd {
  return {
    reason: 'shell_ended',
    exitStatus: LOST_STATUS,
    message: `the shell ended with this command: ${GONE}. Its exit status is unknown`,
  };
}
