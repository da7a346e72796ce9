import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Heartbeat } from '../../../src/devbox/http/heartbeat.ts';
import { IdleClock, type Idler } from '../../../src/devbox/model/devbox/idle-clock.ts';
import { GrowthThrottle } from '../../../src/devbox/model/logs/growth-throttle.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

class Thing implements Idler {
  idleUntilMs: number | undefined;
  expired = 0;
  idleFor(ms: number): this {
    this.idleUntilMs = performance.now() + ms;
    return this;
  }
  expire(): void {
    this.expired += 1;
  }
}

test('a thing expires when it was idle for its time, and only once', () => {
  const clock = new IdleClock();
  const thing = new Thing().idleFor(1_000);
  clock.watch(thing);
  vi.advanceTimersByTime(999);
  expect(thing.expired).toBe(0);
  vi.advanceTimersByTime(2);
  expect(thing.expired).toBe(1);
  expect(vi.getTimerCount()).toBe(0);
});

test('what is used meanwhile goes on from there; what is busy waits; what is forgotten is left alone', () => {
  const clock = new IdleClock();
  const [used, busy, forgotten] = [
    new Thing().idleFor(100),
    new Thing().idleFor(100),
    new Thing().idleFor(100),
  ];
  for (const thing of [used, busy, forgotten]) clock.watch(thing);
  vi.advanceTimersByTime(60);
  clock.watch(used.idleFor(100));
  busy.idleUntilMs = undefined;
  clock.forget(forgotten);
  vi.advanceTimersByTime(99);
  expect([used.expired, busy.expired, forgotten.expired]).toEqual([0, 0, 0]);
  vi.advanceTimersByTime(2);
  expect([used.expired, busy.expired]).toEqual([1, 0]);
  clock.watch(busy.idleFor(50));
  vi.advanceTimersByTime(51);
  expect(busy.expired).toBe(1);
});

test('a shorter time is seen at once, and one longer than a timer can hold is kept', () => {
  const clock = new IdleClock();
  const [long, short] = [new Thing().idleFor(60 * 86_400_000), new Thing().idleFor(10)];
  clock.watch(long);
  clock.watch(short);
  vi.advanceTimersByTime(11);
  expect([long.expired, short.expired]).toEqual([0, 1]);
  vi.advanceTimersByTime(59 * 86_400_000);
  expect(long.expired).toBe(0);
  vi.advanceTimersByTime(86_400_000);
  expect(long.expired).toBe(1);
});

test('500 things have one timer', () => {
  const clock = new IdleClock();
  for (let n = 0; n < 500; n++) clock.watch(new Thing().idleFor(10_000 - n));
  expect(vi.getTimerCount()).toBe(1);
});

test('1,000 silent streams have one timer, and none when they have gone', () => {
  const heartbeat = new Heartbeat(15_000);
  const gone = new AbortController();
  let beats = 0;
  for (let n = 0; n < 1_000; n++) {
    heartbeat.during(gone.signal, () => {
      beats += 1;
    });
  }
  expect(vi.getTimerCount()).toBe(1);
  vi.advanceTimersByTime(30_000);
  expect(beats).toBe(2_000);
  gone.abort();
  expect(vi.getTimerCount()).toBe(0);
  heartbeat.during(gone.signal, () => undefined);
  expect(vi.getTimerCount()).toBe(0);
});

test('what grows is told at most ten times a second, each once, and not at all when it was told otherwise', () => {
  const told: string[] = [];
  const throttle = new GrowthThrottle<string>((thing) => told.push(thing));
  for (let ms = 0; ms < 1_000; ms += 5) {
    throttle.grew('a');
    if (ms < 100) throttle.grew('b');
    throttle.grew('c');
    throttle.forget('c');
    vi.advanceTimersByTime(5);
  }
  vi.advanceTimersByTime(1_000);
  expect(told.filter((thing) => thing === 'a').length).toBeLessThanOrEqual(10);
  expect(told.filter((thing) => thing === 'a').length).toBeGreaterThanOrEqual(9);
  expect(told.filter((thing) => thing === 'b')).toHaveLength(1);
  expect(told).not.toContain('c');
  expect(vi.getTimerCount()).toBe(0);
});
