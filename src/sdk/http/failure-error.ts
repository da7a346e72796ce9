import { type ErrorKind, NamedShellError } from '../errors.ts';
import { type Failure, reasonOf } from './failure.ts';
import { proxyStatusText } from './proxy-settings.ts';

export interface FailedRequest {
  /** What was being done: "Launching the command". */
  readonly what: string;
  readonly repeat: 'always' | 'unsent';
  /** Where to look when the outcome is unknown. */
  readonly reconcile?: string | undefined;
  /** Whether this or an earlier try may have been carried out. */
  readonly mayHaveBeenDone?: boolean;
}

/** The one place where a failed request becomes an error. */
export function failureError(request: FailedRequest, where: string, failure: Failure): NamedShellError {
  const { what } = request;
  const matters = request.repeat === 'unsent' || request.reconcile !== undefined;
  if (matters && (request.mayHaveBeenDone || mayBeDone(failure)))
    return unknownOutcome(request, where, failure);
  switch (failure.failed) {
    case 'not_sent':
      if (failure.proxyStatus !== undefined && failure.permanent) {
        return new NamedShellError(
          'proxy',
          `${what} failed: the proxy ${failure.proxy ?? ''} did not let it through to ${where}: it answered ${proxyStatusText(failure.proxyStatus)}. Nothing was sent. Correct HTTPS_PROXY or HTTP_PROXY and the name and password in it, or name the host in NO_PROXY.`,
          { cause: failure.cause },
        );
      }
      return new NamedShellError(
        'connection',
        `${what} failed: cannot connect to ${where}${failure.proxy ? ` through the proxy ${failure.proxy}` : ''}: ${reasonOf(failure)}. Nothing was sent. Check that the ${failure.proxy ? 'proxy and the server run' : 'server runs'} and that ${failure.proxy ? 'their addresses are' : 'its address is'} right.`,
        { cause: failure.cause },
      );
    case 'broken':
      return new NamedShellError(
        failure.timedOut ? 'timeout' : 'connection',
        `${what} failed: no whole answer from ${where}: ${reasonOf(failure)}. Check the network and the server, then try again.`,
        { cause: failure.cause },
      );
    case 'unreadable':
      return new NamedShellError(
        'protocol',
        `${what} failed: ${where} gave an answer that this client does not understand: ${failure.message}. Check the address and that it is a devbox server.`,
        { cause: failure.cause },
      );
    case 'refused':
      return refused(what, where, failure);
  }
}

function refused(what: string, where: string, failure: Failure & { failed: 'refused' }): NamedShellError {
  const { status, code, message } = failure;
  const [kind, hint] = verdict(status);
  const said = /[.!?]$/.test(message) ? message : `${message}.`;
  // A server that names the cause by a code of its own says where it lies and what to do: no more is added.
  const text = code === undefined ? `${what} failed: ${where} answered ${status}: ${said} ${hint}` : said;
  return new NamedShellError(kind, text, { status, code });
}

function verdict(status: number): [ErrorKind, string] {
  if (status === 401 || status === 403) {
    return ['authentication', 'Check the key: the option bearerToken or RUNLOOP_API_KEY.'];
  }
  if (status === 404) return ['not_found', 'Check the id and that it still exists on this server.'];
  if (status === 408) return ['timeout', 'Try again.'];
  if (status === 409) return ['conflict', 'Look at its present state before sending this again.'];
  if (status === 429) return ['rate_limited', 'Wait a little and send fewer requests at once.'];
  if (status >= 500) return ['server', 'Try again later; if it stays, look at the server.'];
  if (status >= 400) return ['invalid_request', 'Change the request.'];
  return ['protocol', 'Check the address: a devbox server does not redirect.'];
}

/** Whether the request may have been carried out although it failed: what reached a server may have. */
export function mayBeDone(failure: Failure): boolean {
  switch (failure.failed) {
    case 'not_sent':
      return false;
    case 'broken':
    case 'unreadable':
      return true;
    case 'refused':
      return failure.status === 408 || failure.status >= 500;
  }
}

function unknownOutcome(request: FailedRequest, where: string, failure: Failure): NamedShellError {
  const reconcile = request.reconcile ?? 'Look at the present state before sending it again.';
  const details =
    failure.failed === 'refused' ? { status: failure.status, code: failure.code } : { cause: failure.cause };
  const again =
    request.repeat === 'unsent'
      ? 'It was not sent again.'
      : 'Every try carried the same id, so it was done once at most.';
  return new NamedShellError(
    'unknown_outcome',
    `${request.what} has an unknown outcome: it was sent to ${where}, then: ${reasonOf(failure)}. ${again} ${reconcile}`,
    details,
  );
}
