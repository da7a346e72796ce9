import { withRemedy } from '../engine/system-remedy.ts';

export type ServerErrorCode =
  | 'already_running'
  | 'address_in_use'
  | 'listen_failed'
  | 'not_loopback'
  | 'token_missing'
  | 'token_short'
  | 'directory_unsafe'
  | 'directory_unusable';

/** What goes wrong in a directory that a server needs: a full disk, a file system that is read-only. */
export function directoryUnusable(directory: string, cause: unknown): ServerError {
  return new ServerError(
    'directory_unusable',
    `The directory ${directory} cannot be used: ${withRemedy(cause, 'start again')}. Or choose another with NSH_STATE_DIR or XDG_RUNTIME_DIR.`,
    { cause },
  );
}

/** A directory in which nothing private can be kept, since others could read, replace or plant it. */
export function directoryUnsafe(directory: string, why: string, cause?: unknown): ServerError {
  return new ServerError(
    'directory_unsafe',
    `The directory ${directory} ${why}, so nothing private can be kept there. Choose another with NSH_STATE_DIR or XDG_RUNTIME_DIR.`,
    { cause },
  );
}

/** Why a server could not be started: what was wrong, where, and what to do. */
export class ServerError extends Error {
  readonly code: ServerErrorCode;

  constructor(code: ServerErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'ServerError';
    this.code = code;
  }
}
