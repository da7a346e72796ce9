import type { ExecutionDetail } from '../../../api/execution.ts';

/** What a client asks for. */
export interface ExecutionRequest {
  readonly command: string;
  readonly shellName?: string;
  readonly attachStdin: boolean;
  /** Whether stderr goes where stdout goes. */
  readonly mergeStderr?: boolean;
  /** The client's id for "this very command, once". */
  readonly commandId?: string;
}

/** Whether one id may stand for both. */
export function isSameRequest(one: ExecutionRequest, other: ExecutionRequest): boolean {
  return (
    one.command === other.command &&
    one.shellName === other.shellName &&
    one.attachStdin === other.attachStdin &&
    one.mergeStderr === other.mergeStderr
  );
}

export interface ExecutionEnd {
  readonly reason: NonNullable<ExecutionDetail['end_reason']>;
  readonly exitStatus: number;
  /** For people; unset for what exited by itself. */
  readonly message?: string;
  /** The shell's working directory after the command. */
  readonly cwd?: string;
}

/** What an earlier server knew of an execution. */
export interface ExecutionPast {
  readonly id: string;
  readonly number?: number;
  /** Unix time, ms. */
  readonly queuedAtMs: number;
  readonly startedAtMs?: number;
  readonly endedAtMs?: number;
  readonly end?: ExecutionEnd;
  readonly freshShell: boolean;
  readonly adopted: boolean;
  /** Names of the streams of which there are files. */
  readonly left: ReadonlySet<string>;
}
