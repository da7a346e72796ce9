import { expect, onTestFinished, test, vi } from 'vitest';
import { EventLog } from '../../../src/devbox/model/logs/event-log.ts';

const never = new AbortController().signal;
const queued = (shell_name: string, command: string) =>
  ({ type: 'queued', shell_name, execution_id: 'exec_1', command }) as const;

/** The commands in what a reader gets; all of it, in as many batches as it takes. */
function commands(log: EventLog, after: number, shellName?: string): string[] | 'missed' {
  let text = '';
  for (let seq = after; ; ) {
    const batch = log.after(seq, shellName);
    if (batch === 'missed') return 'missed';
    if (batch.text === '') break;
    text += batch.text;
    seq = batch.seq;
  }
  return [...text.matchAll(/"command":"([^"]*)"/g)].map(([, command]) => command ?? '');
}

test('events are numbered upwards, and read from any number on', () => {
  const log = new EventLog();
  const start = log.seq;
  const seqs = ['a', 'b', 'c'].map((command) => {
    log.publish(queued('main', command));
    return log.seq;
  });
  expect(commands(log, start)).toEqual(['a', 'b', 'c']);
  expect(commands(log, seqs[1] ?? 0)).toEqual(['c']);
  expect(commands(log, seqs[2] ?? 0)).toEqual([]);
  const batch = log.after(start, undefined);
  expect(batch).toMatchObject({
    text: expect.stringMatching(new RegExp(`^id: ${seqs[0]}\ndata: {"seq":${seqs[0]},`)),
  });
});

test('a later server never uses a number of an earlier one', () => {
  vi.useFakeTimers({ toFake: ['Date'] });
  onTestFinished(() => void vi.useRealTimers());
  const first = new EventLog();
  for (let n = 0; n < 500; n++) first.publish(queued('main', String(n)));
  vi.setSystemTime(Date.now() + 1);
  const second = new EventLog();
  expect(second.seq).toBeGreaterThan(first.seq);
  second.publish(queued('main', 'x'));
  expect(commands(second, first.seq)).toBe('missed');
});

test('of more events than are held the oldest go, and whoever had not read them is told', () => {
  const log = new EventLog({ events: 3, bytes: 1e9 });
  const start = log.seq;
  for (let n = 1; n <= 10; n++) log.publish(queued('main', String(n)));
  expect(commands(log, start)).toBe('missed');
  expect(commands(log, start + 6)).toBe('missed');
  expect(commands(log, start + 7)).toEqual(['8', '9', '10']);
});

test('long texts count, but the latest event is always held', () => {
  const log = new EventLog({ events: 100, bytes: 10_000 });
  for (let n = 1; n <= 10; n++) log.publish(queued('main', String(n)), 1_000);
  expect(commands(log, log.seq - 4)).toEqual(['7', '8', '9', '10']);
  expect(commands(log, log.seq - 5)).toBe('missed');
  log.publish(queued('main', 'long'), 1e6);
  expect(commands(log, log.seq - 1)).toEqual(['long']);
});

test('what is superseded is passed over, is no loss, and is what goes first', () => {
  const log = new EventLog({ events: 10, bytes: 1e9 });
  const start = log.seq;
  log.publish(queued('main', 'kept'));
  let drop = log.publish(queued('main', '0'));
  for (let n = 1; n <= 1_000; n++) {
    drop();
    drop = log.publish(queued('main', String(n)));
  }
  expect(commands(log, start)).toEqual(['kept', '1000']);
  drop();
  drop();
  expect(commands(log, start)).toEqual(['kept']);
});

test('a reader of one shell waits for events of that shell alone, and what others did meanwhile is no loss', async () => {
  const log = new EventLog({ events: 3, bytes: 1e9 });
  const [one, all] = [log.next('one', never), log.next(undefined, never)];
  log.publish(queued('two', 'first'));
  expect(commands(log, await all)).toEqual(['first']);
  for (let n = 0; n < 10; n++) log.publish(queued('two', String(n)));
  log.publish(queued('one', 'mine'));
  expect(commands(log, await one, 'one')).toEqual(['mine']);
});

test('a wait ends with its signal, and with the log', async () => {
  const log = new EventLog();
  const stop = new AbortController();
  const stopped = log.next('main', stop.signal);
  stop.abort();
  expect(await stopped).toBe(log.seq);
  const waiting = log.next('main', never);
  log.end();
  expect(await waiting).toBe(log.seq);
  expect(await log.next('main', never)).toBe(log.seq);
});

test('one event to 1,000 readers is written as text once', async () => {
  const log = new EventLog();
  const start = log.seq;
  const readers = Array.from({ length: 1_000 }, () => log.next('main', never));
  let encoded = 0;
  log.publish({
    ...queued('main', ''),
    get command() {
      return '';
    },
    toJSON() {
      encoded += 1;
      return {};
    },
  });
  for (const seq of await Promise.all(readers))
    expect(log.after(seq, 'main')).toMatchObject({ seq: start + 1 });
  expect(encoded).toBe(1);
});
