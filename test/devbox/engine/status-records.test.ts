import { expect, test } from 'vitest';
import { StatusRecords } from '../../../src/devbox/engine/fifos/status-records.ts';

test('records cut anywhere come out whole', () => {
  const bytes = Buffer.from('R 12 himBs /a b\0B 1\0E 1 130 himBs /x\ny z\0S 7 /ä\0B 2\0');
  const expected = [
    { type: 'ready', pid: 12, flags: 'himBs', cwd: '/a b' },
    { type: 'begin', id: 1 },
    { type: 'end', id: 1, exitStatus: 130, flags: 'himBs', cwd: '/x\ny z' },
    { type: 'sync', number: 7, cwd: '/ä' },
    { type: 'begin', id: 2 },
  ];
  for (let cut = 0; cut <= bytes.length; cut++) {
    const records = new StatusRecords();
    const first = Buffer.from(bytes.subarray(0, cut));
    const parsed = records.push(first);
    first.fill(0); // the read buffer is used again
    expect([...parsed, ...records.push(bytes.subarray(cut))]).toEqual(expected);
  }
});

test('an empty cwd, and what is no record', () => {
  expect(new StatusRecords().push(Buffer.from('junk\0E x\0E 3 0 i \0B 3 4\0'))).toEqual([
    { type: 'end', id: 3, exitStatus: 0, flags: 'i', cwd: '' },
  ]);
});
