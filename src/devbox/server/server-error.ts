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

/** Why a server could not be started: what was wrong, where, and what to do. */
export class ServerError extends Error {
  readonly code: ServerErrorCode;

  constructor(code: ServerErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'ServerError';
    this.code = code;
  }
}

/** A directory that cannot be used, with what chooses another. */
export class DirectoryError extends ServerError {
  readonly #why: string;

  /** @param why a sentence, up to what is to be done */
  constructor(
    code: 'directory_unsafe' | 'directory_unusable',
    why: string,
    options?: ErrorOptions,
    chosenBy = 'NSH_STATE_DIR or XDG_RUNTIME_DIR',
  ) {
    super(code, `${why} choose another with ${chosenBy}.`, options);
    this.#why = why;
  }

  /** The same, told to somebody who chooses the directory in another way. */
  chosenBy(setting: string): DirectoryError {
    const code = this.code as 'directory_unsafe' | 'directory_unusable';
    return new DirectoryError(code, this.#why, { cause: this.cause }, setting);
  }
}

/** What goes wrong in a directory that a server needs: a full disk, a file system that is read-only. */
export function directoryUnusable(directory: string, cause: unknown): DirectoryError {
  const why = `The directory ${directory} cannot be used: ${withRemedy(cause, 'start again')}. Or`;
  return new DirectoryError('directory_unusable', why, { cause });
}

/** A directory in which nothing private can be kept, since others could read, replace or plant it. */
export function directoryUnsafe(directory: string, why: string, cause?: unknown): DirectoryError {
  const whole = `The directory ${directory} ${why}, so nothing private can be kept there:`;
  return new DirectoryError('directory_unsafe', whole, { cause });
}
