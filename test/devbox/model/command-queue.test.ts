import { expect, test } from 'vitest';
import { CommandQueue } from '../../../src/devbox/model/shell/command-queue.ts';

const filled = (count: number) => {
  const queue = new CommandQueue<number>();
  for (let n = 0; n < count; n++) queue.push(n);
  return queue;
};

test('what is pushed stays in order; anything can be taken out', () => {
  const queue = filled(5);
  expect([...queue]).toEqual([0, 1, 2, 3, 4]);
  expect([queue.delete(2), queue.delete(0), queue.delete(4), queue.delete(4)]).toEqual([
    true,
    true,
    true,
    false,
  ]);
  expect([...queue]).toEqual([1, 3]);
  expect([queue.first, queue.size]).toEqual([1, 2]);
  queue.push(5);
  queue.delete(1);
  expect([...queue]).toEqual([3, 5]);
});

test('an emptied queue begins anew', () => {
  const queue = filled(2);
  for (const n of queue) queue.delete(n);
  expect([queue.first, queue.size, [...queue]]).toEqual([undefined, 0, []]);
  queue.push(7);
  expect([...queue]).toEqual([7]);
});

test('taking out of the middle of 200,000 costs what it costs of 20', () => {
  const queue = filled(200_000);
  const start = performance.now();
  for (let n = 199_999; n >= 0; n -= 2) queue.delete(n);
  // A search for each of them takes many seconds.
  expect(performance.now() - start).toBeLessThan(1_500);
  expect(queue.size).toBe(100_000);
});
