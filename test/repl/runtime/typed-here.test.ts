import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { openHistoryStore } from '../../../src/repl/runtime/history/history-store.ts';
import { createTypedHere } from '../../../src/repl/runtime/history/typed-here.ts';

test('what another REPL of this machine has written is told, also when it writes a little later', async () => {
  const stateDir = mkdtempSync(join(tmpdir(), 'nsh-typed-'));
  onTestFinished(() => rmSync(stateDir, { recursive: true }));
  const [here, other] = [openHistoryStore(stateDir, 'local'), openHistoryStore(stateDir, 'local')];
  await other.append('main', [{ command: 'make', typedAt: 1, executionId: 'x1' }]);
  await here.append('main', [
    { command: 'make', typedAt: 2, executionId: 'x1', elsewhere: true },
    { command: 'script', typedAt: 3, executionId: 'x3', elsewhere: true },
  ]);
  const told: string[] = [];
  const { promise, resolve } = Promise.withResolvers<void>();
  const typedHere = createTypedHere(here, async (ids) => {
    told.push(...ids);
    if (told.length === 2) return resolve();
    await other.append('main', [{ command: 'late', typedAt: 4, executionId: 'x2' }]);
  });
  typedHere.ask('main', ['x1', 'x2', 'x3']);
  await promise;
  typedHere.stop();
  expect(told).toEqual(['x1', 'x2']);
});
