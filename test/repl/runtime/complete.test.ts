import { expect, test } from 'vitest';
import { createCompleter } from '../../../src/repl/runtime/completion/complete.ts';
import type { DevboxPort, ShellPort } from '../../../src/repl/runtime/shell-port.ts';

const compspec = {
  name: 'slow',
  line: 'slow a',
  words: ['slow', 'a'],
  current: 'a',
  directory: '',
  typedDirectory: '',
  quote: '',
};
const path = {
  type: 'path',
  base: 'a',
  directory: [],
  executables: false,
  cwd: '/',
  mayAskShell: false,
} as const;
const shell = { info: async () => undefined } as unknown as ShellPort;

test('a completion function that takes too long is ended, and named', async () => {
  let ended = false;
  const devbox = {
    runBeside: (_command: string, signal: AbortSignal) =>
      new Promise((_, reject) => {
        signal.addEventListener('abort', () => {
          ended = true;
          reject(signal.reason);
        });
      }),
  } as unknown as DevboxPort;
  const completer = createCompleter(devbox, () => ({ failure: 'unknown', message: 'gone' }), 10);
  const ask = (query: object) => completer.complete({ ...path, ...query }, shell, () => undefined);
  expect(await ask({ compspec })).toEqual({
    problem: 'The completion of slow took more than 0.01 s and was ended.',
  });
  expect(ended).toBe(true);
  expect(await ask({})).toEqual({ problem: 'Not completed: gone' });
});
