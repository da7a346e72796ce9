import { describe, expect, it } from 'vitest';
import type { Failure } from '../../src/sdk/http/failure.ts';
import { failureError } from '../../src/sdk/http/failure-error.ts';

const WHERE = 'http://127.0.0.1:4000';
const coded = (code: string) => Object.assign(new Error(`${code} happened`), { code });
const refused = (status: number, message: string): Failure => ({ failed: 'refused', status, message });
const read = (failure: Failure) =>
  failureError({ what: 'Reading devbox d', repeat: 'always' }, WHERE, failure);
const launch = (failure: Failure) =>
  failureError(
    { what: 'Launching the command', repeat: 'unsent', reconcile: 'Look at the queue.' },
    WHERE,
    failure,
  );

describe('failureError says what, where and what to do', () => {
  it.each<[string, Failure, string, string]>([
    [
      'connection refused',
      { failed: 'not_sent', cause: coded('ECONNREFUSED'), permanent: false },
      'connection',
      'Reading devbox d failed: cannot connect to http://127.0.0.1:4000: connection refused (ECONNREFUSED). Nothing was sent. Check that the server runs and that its address is right.',
    ],
    [
      'a broken connection',
      { failed: 'broken', cause: coded('ECONNRESET'), timedOut: false },
      'connection',
      'Reading devbox d failed: no whole answer from http://127.0.0.1:4000: connection reset (ECONNRESET). Check the network and the server, then try again.',
    ],
    [
      'silence',
      { failed: 'broken', cause: coded('UND_ERR_HEADERS_TIMEOUT'), timedOut: true },
      'timeout',
      'Reading devbox d failed: no whole answer from http://127.0.0.1:4000: no answer in time. Check the network and the server, then try again.',
    ],
    [
      'a wrong key',
      refused(401, 'bad token'),
      'authentication',
      'Reading devbox d failed: http://127.0.0.1:4000 answered 401: bad token. Check the key: the option bearerToken or RUNLOOP_API_KEY.',
    ],
    [
      'a missing devbox',
      refused(404, 'There is no devbox d.'),
      'not_found',
      'Reading devbox d failed: http://127.0.0.1:4000 answered 404: There is no devbox d. Check the id and that it still exists on this server.',
    ],
    [
      'an answer of the embedded devbox, which says all there is to say',
      { ...refused(400, 'command is empty. Send the text to run'), code: 'command_empty' } as Failure,
      'invalid_request',
      'command is empty. Send the text to run.',
    ],
    [
      'a proxy page',
      refused(502, 'Bad Gateway'),
      'server',
      'Reading devbox d failed: http://127.0.0.1:4000 answered 502: Bad Gateway. Try again later; if it stays, look at the server.',
    ],
    [
      'an answer of another kind of server',
      { failed: 'unreadable', cause: undefined, message: 'it is not JSON' },
      'protocol',
      'Reading devbox d failed: http://127.0.0.1:4000 gave an answer that this client does not understand: it is not JSON. Check the address and that it is a devbox server.',
    ],
  ])('%s', (_name, failure, kind, message) => {
    const error = read(failure);
    expect(error.kind).toBe(kind);
    expect(error.message).toBe(message);
  });

  it.each([
    [400, 'invalid_request'],
    [403, 'authentication'],
    [408, 'timeout'],
    [409, 'conflict'],
    [413, 'invalid_request'],
    [429, 'rate_limited'],
    [301, 'protocol'],
  ])('%i is %s', (status, kind) => {
    expect(read(refused(status, 'x'))).toMatchObject({ kind, status });
  });

  it('chains the cause', () => {
    const cause = coded('ECONNRESET');
    expect(read({ failed: 'broken', cause, timedOut: false }).cause).toBe(cause);
  });
});

describe('a request that must not be sent twice', () => {
  it('has an unknown outcome when its answer did not come', () => {
    const error = launch({ failed: 'broken', cause: coded('UND_ERR_SOCKET'), timedOut: false });
    expect(error.kind).toBe('unknown_outcome');
    expect(error.message).toBe(
      'Launching the command has an unknown outcome: it was sent to http://127.0.0.1:4000, then: connection closed by the other side. It was not sent again. Look at the queue.',
    );
  });

  it.each([500, 502, 504, 408])(
    'has an unknown outcome after a %i, which a proxy may have made up',
    (status) => {
      expect(launch(refused(status, 'x')).kind).toBe('unknown_outcome');
    },
  );

  it.each([
    [400, 'invalid_request'],
    [404, 'not_found'],
    [429, 'rate_limited'],
  ])('was refused for certain with %i', (status, kind) => {
    expect(launch(refused(status, 'x')).kind).toBe(kind);
  });

  it('was not done when nothing was sent', () => {
    expect(launch({ failed: 'not_sent', cause: coded('ENOENT'), permanent: false }).kind).toBe('connection');
  });
});
