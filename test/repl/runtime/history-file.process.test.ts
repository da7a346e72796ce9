import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { historyPath, openHistoryFile } from '../../../src/repl/runtime/history/history-file.ts';

const HISTORY_FILE = new URL('../../../src/repl/runtime/history/history-file.ts', import.meta.url).href;
const WRITERS = 4;
const ENTRIES = 300;

/** Appends, and loads often, so that the file is set aside again and again while the others append. */
const PROGRAM = `
import { historyPath, openHistoryFile } from ${JSON.stringify(HISTORY_FILE)};
const [stateDir, writer] = process.argv.slice(1);
const file = openHistoryFile({ path: historyPath(stateDir, 'local', 'main'), maxBytes: 20_000 });
for (let t = 0; t < ${ENTRIES}; t++) {
  const problem = await file.append({ t, cmd: writer + ':' + t + ':' + 'x'.repeat(t % 7 === 0 ? 9000 : 20) });
  if (problem !== undefined) throw new Error(problem);
  if (t % 10 === 0) await file.load({ keep: 100_000 });
}
`;

it('loses and tears nothing when several processes append and set the file aside at once', async () => {
  const stateDir = await mkdtemp(join(tmpdir(), 'history-'));
  try {
    const writers = Array.from({ length: WRITERS }, (_, writer) =>
      spawn(process.execPath, ['--input-type=module', '--eval', PROGRAM, stateDir, String(writer)], {
        stdio: ['ignore', 'ignore', 'inherit'],
      }),
    );
    const exits = await Promise.all(writers.map((writer) => once(writer, 'exit')));
    expect(exits.map(([code]) => code)).toEqual(Array(WRITERS).fill(0));
    const { entries, problem } = await openHistoryFile({
      path: historyPath(stateDir, 'local', 'main'),
    }).load({ keep: 100_000 });
    expect(problem).toBeUndefined();
    expect(entries).toHaveLength(WRITERS * ENTRIES);
    for (let writer = 0; writer < WRITERS; writer++) {
      const own = entries.filter((entry) => entry.cmd.startsWith(`${writer}:`));
      expect(own.map((entry) => entry.t).sort((a, b) => a - b)).toEqual(
        Array.from({ length: ENTRIES }, (_, t) => t),
      );
    }
  } finally {
    await rm(stateDir, { recursive: true });
  }
});
