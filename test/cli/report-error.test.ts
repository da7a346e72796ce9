import { describe, expect, test } from 'vitest';
import { CliError } from '../../src/cli/cli-error.ts';
import { describeError, traceOf } from '../../src/cli/report-error.ts';
import { ScriptLineError } from '../../src/cli/run/script-line-error.ts';
import { ReaderGoneError } from '../../src/cli/standard-streams.ts';
import { NamedShellError } from '../../src/sdk/errors.ts';

describe('every kind of error has its text and its exit status', () => {
  test.each([
    [new CliError(64, 'unknown option `-x`.'), 64, 'nsh: unknown option `-x`.\n'],
    [new NamedShellError('connection', 'no answer from http://h'), 69, 'nsh: no answer from http://h.\n'],
    [new NamedShellError('authentication', 'refused'), 77, 'nsh: refused. Check RUNLOOP_API_KEY.\n'],
    [new NamedShellError('not_found', 'no devbox d'), 66, 'nsh: no devbox d.\n'],
    [new NamedShellError('invalid_request', 'too long.'), 65, 'nsh: too long.\n'],
    [new NamedShellError('rate_limited', 'busy'), 75, 'nsh: busy.\n'],
    [new NamedShellError('unknown_outcome', 'it may run'), 74, 'nsh: it may run.\n'],
    [new NamedShellError('server', '500'), 76, 'nsh: 500.\n'],
    [new ScriptLineError(3, new NamedShellError('invalid_request', 'NUL')), 65, 'nsh: line 3: NUL.\n'],
    [new AggregateError([new Error('x'), new CliError(72, 'no bash')]), 72, 'nsh: no bash.\n'],
    [
      new TypeError('x is not a function'),
      70,
      'nsh: internal error: x is not a function. NSH_DEBUG=1 shows where; please report it.\n',
    ],
    ['text', 70, 'nsh: internal error: text. NSH_DEBUG=1 shows where; please report it.\n'],
    [new ReaderGoneError(new Error('EPIPE')), 141, ''],
  ])('%s', (error, exitStatus, text) => {
    expect(describeError(error)).toEqual({ exitStatus, text });
  });
});

test('remote text is shown in one paragraph with its escapes made harmless', () => {
  const error = new NamedShellError('invalid_request', 'bad\n\u001b]52;c;aGk=\u0007 name\u001b[?1049h');
  expect(describeError(error).text).toBe('nsh: bad ^[]52;c;aGk=^G name^[[?1049h.\n');
});

test('the trace goes down to the first cause', () => {
  const trace = traceOf(new CliError(1, 'top', { cause: new Error('bottom') }));
  expect(trace).toMatch(/CliError: top\n[\s\S]*\ncaused by: Error: bottom\n/);
});
