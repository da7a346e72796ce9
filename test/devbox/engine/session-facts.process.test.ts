import { execFileSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { FactsFile, readFacts, type SessionFacts } from '../../../src/devbox/engine/session-facts.ts';
import { smallDisk } from '../../helpers/small-disk.ts';

const FACTS: SessionFacts = {
  pid: 1,
  startedAt: 2,
  bashPath: '/bin/bash',
  form: 'source',
  orphanLifeMs: 0,
  snapshotPath: undefined,
  cwd: '/',
  lastStatus: 0,
  errexit: false,
  command: undefined,
  held: [],
};
const held = (count: number) =>
  Array.from({ length: count }, (_, n) => ({ fifo: `f${n}`, stream: 'stdout' as const, tag: `exec_${n}` }));

test('on a full disk small facts are saved as ever; of large ones the last that were whole are still there', (context) => {
  const disk = smallDisk(context);
  const path = join(disk, 'facts');
  const file = FactsFile.create(path, FACTS);
  expect(() =>
    execFileSync('/bin/sh', ['-c', 'cat /dev/zero >"$0"', join(disk, 'filler')], { stdio: 'ignore' }),
  ).toThrow();
  for (let n = 1; n <= 4; n++) {
    file.save({ lastStatus: n, held: held(50 * n) });
    expect(readFacts(path)).toMatchObject({ lastStatus: n });
  }
  // Again and again: it must not take the place of the whole one.
  for (let n = 5; n < 9; n++) {
    expect(() => file.save({ lastStatus: n, held: held(2_000) })).toThrow(/ENOSPC/);
    file.note({ lastStatus: n });
    expect(readFacts(path)).toMatchObject({ lastStatus: 4, held: held(200) });
  }
  rmSync(join(disk, 'filler'));
  file.save();
  expect(readFacts(path)).toMatchObject({ lastStatus: 8, held: held(2_000) });
  file.close();
});
