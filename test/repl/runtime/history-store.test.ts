import { mkdir, mkdtemp, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { historyPath } from '../../../src/repl/runtime/history/history-file.ts';
import { openHistoryStore } from '../../../src/repl/runtime/history/history-store.ts';

let stateDir: string;
beforeEach(async () => {
  stateDir = await mkdtemp(join(tmpdir(), 'history-'));
});
afterEach(() => rm(stateDir, { recursive: true }));

const placed = (list: readonly { devbox: string; shell: string; command: string }[]) =>
  list.map(({ devbox, shell, command }) => `${devbox}/${shell}: ${command}`);

it('has the commands of every shell of every devbox by time, and the newest of one alone', async () => {
  const [local, far] = [openHistoryStore(stateDir, 'local'), openHistoryStore(stateDir, 'dbx_1')];
  await local.append('main', [
    { command: 'first', typedAt: 1, cwd: '/src', executionId: 'x' },
    { command: 'third', typedAt: 3, elsewhere: true },
  ]);
  await local.append('Ünusual/name', [{ command: 'second', typedAt: 2 }]);
  await far.append('main', [{ command: 'fourth', typedAt: 4 }]);
  await local.append('main', [{ command: 'first', typedAt: 1, exitStatus: 2 }]);
  const { commands, problem } = await local.all('main', 1_000);
  expect(problem).toBeUndefined();
  expect(placed(commands)).toEqual([
    'local/main: first',
    'local/Ünusual/name: second',
    'local/main: third',
    'dbx_1/main: fourth',
  ]);
  expect((await local.newest('main')).commands).toEqual([
    { devbox: 'local', shell: 'main', command: 'first', at: 1, cwd: '/src', executionId: 'x', exitStatus: 2 },
    { devbox: 'local', shell: 'main', command: 'third', at: 3, elsewhere: true },
  ]);
});

it('has no more than asked for: this shell’s before others’, those last used before older ones', async () => {
  const store = openHistoryStore(stateDir, 'local');
  for (const [index, shell] of ['old', 'main', 'recent'].entries()) {
    await store.append(
      shell,
      [1, 2, 3].map((n) => ({ command: `${shell} ${n}`, typedAt: index * 10 + n })),
    );
  }
  await utimes(historyPath(stateDir, 'local', 'old'), 1_000, 1_000);
  expect((await store.all('main', 5)).commands.map(({ command }) => command)).toEqual([
    'main 1',
    'main 2',
    'main 3',
    'recent 2',
    'recent 3',
  ]);
});

it('a shell whose name is too long for a file name is shown by its beginning, and is itself when it is used', async () => {
  const name = 'x'.repeat(300);
  const store = openHistoryStore(stateDir, 'local');
  await store.append(name, [{ command: 'ls', typedAt: 1 }]);
  expect((await store.all('main', 10)).commands[0]?.shell).toBe(`${'x'.repeat(60)}…`);
  expect((await store.all(name, 10)).commands[0]?.shell).toBe(name);
});

it('a folder that cannot be read costs its own shells alone, and is told', async () => {
  const store = openHistoryStore(stateDir, 'local');
  await store.append('main', [{ command: 'ls', typedAt: 1 }]);
  await writeFile(join(stateDir, 'history/a-file'), 'no folder');
  await mkdir(historyPath(stateDir, 'local', 'a folder'));
  const { commands, problem } = await store.all('main', 10);
  expect(commands.map(({ command }) => command)).toEqual(['ls']);
  expect(problem).toMatch(/^The history of this shell cannot be read \(.*a%20folder\.jsonl\): .*EISDIR/);
});

it('is empty and without a problem before anything was kept', async () => {
  expect(await openHistoryStore(stateDir, 'local').all('main', 10)).toEqual({
    commands: [],
    problem: undefined,
  });
});
