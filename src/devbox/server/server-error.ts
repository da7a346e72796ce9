export type ServerErrorCode =
  | 'already_running'
  | 'address_in_use'
  | 'listen_failed'
  | 'not_loopback'
  | 'token_missing'
  | 'directory_unsafe';

/** Why a server could not be started: what was wrong, where, and what to do. */
export class ServerError extends Error {
  readonly code: ServerErrorCode;

  constructor(code: ServerErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'ServerError';
    this.code = code;
  }
}
