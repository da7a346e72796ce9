import { expect, test } from 'vitest';
import { runsInForegroundOnly } from '../../../src/devbox/engine/foreground-only.ts';

test.each([
  'make; echo done',
  'a && b || c',
  'prog 2>&1 | tee log',
  'prog &>log',
  'prog |& cat',
  'cat <&3',
  'waiter; await; fgrep x',
])('%s: foreground only', (command) => {
  expect(runsInForegroundOnly(command)).toBe(true);
});

test.each([
  'sleep 1 &',
  'a & b',
  'a &&b & c',
  'wait',
  'x; wait %1',
  'fg',
  'bg %2; make',
  'coproc cat',
  'echo "a & b"',
])('%s: perhaps not', (command) => {
  expect(runsInForegroundOnly(command)).toBe(false);
});
