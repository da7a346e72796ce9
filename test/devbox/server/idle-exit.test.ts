import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { IdleExit } from '../../../src/devbox/server/idle-exit.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

function watch(afterMs: number) {
  const state = { busy: false, exits: 0 };
  const idle = new IdleExit({ afterMs, isBusy: () => state.busy, exit: () => state.exits++ });
  return { state, idle };
}

test('exits after the whole idle time and not before', () => {
  const { state } = watch(1000);
  vi.advanceTimersByTime(999);
  expect(state.exits).toBe(0);
  vi.advanceTimersByTime(1);
  expect(state.exits).toBe(1);
});

test('each use begins the time anew', () => {
  const { state, idle } = watch(1000);
  vi.advanceTimersByTime(900);
  idle.touch();
  vi.advanceTimersByTime(999);
  expect(state.exits).toBe(0);
  vi.advanceTimersByTime(1);
  expect(state.exits).toBe(1);
});

test('never while busy, and the time counts from the end of that', () => {
  const { state, idle } = watch(1000);
  state.busy = true;
  vi.advanceTimersByTime(5500);
  state.busy = false;
  idle.touch();
  vi.advanceTimersByTime(999);
  expect(state.exits).toBe(0);
  vi.advanceTimersByTime(1);
  expect(state.exits).toBe(1);
});

test('stopped, it never exits', () => {
  const { state, idle } = watch(1000);
  idle.stop();
  vi.advanceTimersByTime(5000);
  expect(state.exits).toBe(0);
});
