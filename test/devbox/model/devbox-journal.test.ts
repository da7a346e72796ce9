import { appendFileSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { DevboxJournal } from '../../../src/devbox/model/journal/devbox-journal.ts';
import type { JournalRecord } from '../../../src/devbox/model/journal/journal-record.ts';

function journalPath(): string {
  const dir = mkdtempSync(join(tmpdir(), 'nsh-journal-'));
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
  return join(dir, 'journal.ndjson');
}

const accepted = (id: string, shell = 'main'): JournalRecord => ({
  t: 'accepted',
  id,
  command: 'echo "x\n"',
  shell,
  at: 1,
});
const ended = (id: string): JournalRecord => ({
  t: 'ended',
  id,
  at: 3,
  reason: 'exited',
  status: 0,
  out: 0,
  err: 0,
});
const shell = (name: string, session?: string): JournalRecord => ({
  t: 'shell',
  name,
  key: `key of ${name}`,
  cwd: '/',
  at: 1,
  ...(session === undefined ? {} : { session }),
});

test('the next one knows what was noted; of a shell the latest, of what was forgotten or closed nothing', () => {
  const path = journalPath();
  const journal = DevboxJournal.open(path);
  const records: JournalRecord[] = [
    shell('main', 'first'),
    shell('gone'),
    accepted('a'),
    accepted('b'),
    accepted('c'),
    { t: 'started', id: 'a', at: 2 },
    ended('a'),
    { t: 'input', id: 'b', text: 'tail \udc80' },
    { t: 'input', id: 'b' },
    { t: 'forgotten', id: 'c' },
    ended('c'),
    { t: 'shell_closed', name: 'gone' },
    shell('main', 'second'),
  ];
  for (const record of records) journal.append(record);
  for (let round = 0; round < 2; round++) {
    const { past } = DevboxJournal.open(path);
    expect([...past.shells.values()]).toEqual([shell('main', 'second')]);
    expect([...past.executions.keys()]).toEqual(['a', 'b']);
    expect(past.executions.get('a')).toMatchObject({ started: { at: 2 }, ended: { status: 0 } });
    expect(past.executions.get('b')?.inputs.map(({ text }) => text)).toEqual(['tail \udc80', undefined]);
    expect(past.handedOver).toBe(false);
  }
  expect(statSync(path).mode & 0o777).toBe(0o600);
  expect(readFileSync(path, 'utf8').trimEnd().split('\n')).toHaveLength(7);
});

test('a line that was cut short, and what is no record, is passed over', () => {
  const path = journalPath();
  DevboxJournal.open(path).append(accepted('a'));
  appendFileSync(path, '{"t":"of a newer version","id":"a"}\nnonsense\n{"t":"ended","id":"a","at');
  const journal = DevboxJournal.open(path);
  expect(journal.past.executions.get('a')?.ended).toBeUndefined();
  journal.append(ended('a'));
  expect(DevboxJournal.open(path).past.executions.get('a')?.ended).toMatchObject({ status: 0 });
});

test('only the last word is a hand-over', () => {
  const path = journalPath();
  const journal = DevboxJournal.open(path);
  journal.append({ t: 'handed_over' });
  expect(DevboxJournal.open(path).past.handedOver).toBe(true);
  const next = DevboxJournal.open(path);
  next.append(accepted('a'));
  expect(DevboxJournal.open(path).past.handedOver).toBe(false);
});

test('a long one is shortened while it is in use', () => {
  const path = journalPath();
  const journal = DevboxJournal.open(path);
  journal.append(accepted('kept'));
  const text = 'x'.repeat(1024 * 1024);
  for (let n = 0; n < 20; n++) {
    journal.append({ t: 'accepted', id: `id-${n}`, command: text, at: 1 });
    journal.append({ t: 'forgotten', id: `id-${n}` });
  }
  journal.append(accepted('last'));
  expect(statSync(path).size).toBeLessThan(8 * 1024 * 1024);
  expect([...DevboxJournal.open(path).past.executions.keys()]).toEqual(['kept', 'last']);
});
