import { proxyStatusText } from './proxy-settings.ts';

/** Why one attempt gave nothing that can be used. A value, so that the retry policy is a pure function of it. */
export type Failure =
  /** Provably nothing left this machine: the connection was never made. `permanent`: a further try cannot help. */
  | {
      readonly failed: 'not_sent';
      readonly cause: Error;
      readonly permanent: boolean;
      /** The proxy that the connection was to go through, and the status by which it turned it away. */
      readonly proxy?: string | undefined;
      readonly proxyStatus?: number | undefined;
    }
  /** The request left, and no whole answer came. */
  | { readonly failed: 'broken'; readonly cause: Error; readonly timedOut: boolean }
  /** An answer that is not 2xx. */
  | {
      readonly failed: 'refused';
      readonly status: number;
      /** The server's words, or the status's name. */
      readonly message: string;
      readonly code?: string | undefined;
      /** From `retry-after-ms` or `retry-after`, ms. */
      readonly retryAfterMs?: number | undefined;
      /** From `x-should-retry`. */
      readonly shouldRetry?: boolean | undefined;
    }
  /** A 2xx answer that is not of the contract. `foreign`: it is not even JSON, so a proxy's page most likely. */
  | {
      readonly failed: 'unreadable';
      readonly cause: unknown;
      readonly message: string;
      readonly foreign?: boolean | undefined;
    };

export function isFailure(value: unknown): value is Failure {
  return typeof value === 'object' && value !== null && 'failed' in value;
}

/** A few words for a status line: "connection refused", "the server is busy (429)". */
export function reasonOf(failure: Failure): string {
  switch (failure.failed) {
    case 'not_sent':
      if (failure.proxyStatus !== undefined)
        return `the proxy answered ${proxyStatusText(failure.proxyStatus)}`;
      return reasonOfCause(failure.cause);
    case 'broken':
      return reasonOfCause(failure.cause);
    case 'refused':
      if (failure.status === 429) return 'too many requests (429)';
      return `the server answered ${failure.status}: ${failure.message}`;
    case 'unreadable':
      return failure.message;
  }
}

const WORDS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'connection refused',
  ECONNRESET: 'connection reset',
  ENOENT: 'no such socket',
  EACCES: 'access to the socket denied',
  ENOTFOUND: 'host name not found',
  EAI_AGAIN: 'name service not reachable',
  EPIPE: 'connection closed',
  EHOSTUNREACH: 'host not reachable',
  ENETUNREACH: 'network not reachable',
  ETIMEDOUT: 'connection timed out',
  UND_ERR_CONNECT_TIMEOUT: 'connection timed out',
  UND_ERR_HEADERS_TIMEOUT: 'no answer in time',
  UND_ERR_BODY_TIMEOUT: 'the answer stopped half way',
  UND_ERR_SOCKET: 'connection closed by the other side',
};

function reasonOfCause(cause: Error): string {
  const code = codeOf(cause);
  const words = code === undefined ? undefined : WORDS[code];
  if (words === undefined) return cause.message || code || cause.name;
  return code?.startsWith('UND_') ? words : `${words} (${code})`;
}

export function codeOf(error: unknown): string | undefined {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return typeof code === 'string' ? code : undefined;
}
