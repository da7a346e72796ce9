/**
 * A request that is refused: what was wrong, where, and what to do, as HTTP tells it.
 * `code` is a stable word for programs.
 */
export class Refusal extends Error {
  readonly status: RefusalStatus;
  readonly code: string;
  readonly headers: Record<string, string>;

  constructor(status: RefusalStatus, code: string, message: string, headers: Record<string, string> = {}) {
    super(message);
    this.name = 'Refusal';
    this.status = status;
    this.code = code;
    this.headers = headers;
  }
}

export type RefusalStatus = 400 | 401 | 403 | 404 | 405 | 408 | 409 | 410 | 413 | 429 | 500 | 501 | 503;
