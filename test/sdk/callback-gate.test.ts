import { describe, expect, it } from 'vitest';
import { CallbackGate } from '../../src/sdk/output/callback-gate.ts';

const never = new AbortController().signal;

describe('CallbackGate', () => {
  it('calls a callback again when its promise has settled, over both streams', async () => {
    const seen: string[] = [];
    const slow = async (chunk: string) => {
      seen.push(`(${chunk}`);
      await new Promise(setImmediate);
      seen.push(`${chunk})`);
    };
    const gate = new CallbackGate({ stdout: slow, stderr: slow }, never);
    await Promise.all([gate.hand('stdout', 'a'), gate.hand('stderr', 'b'), gate.hand('stdout', 'c')]);
    expect(seen).toEqual(['(a', 'a)', '(b', 'b)', '(c', 'c)']);
  });

  it('lets a stream go on while the callback of the other is busy', async () => {
    const busy = Promise.withResolvers<void>();
    const seen: string[] = [];
    const gate = new CallbackGate({ stdout: () => busy.promise, stderr: (chunk) => seen.push(chunk) }, never);
    const handed = gate.hand('stdout', 'a');
    await gate.hand('stderr', 'b');
    await gate.hand('stderr', 'c');
    expect(seen).toEqual(['b', 'c']);
    busy.resolve();
    await handed;
  });

  it('costs no promise where no callback returns one', () => {
    const gate = new CallbackGate({ stdout: () => {}, output: () => {} }, never);
    expect(gate.hand('stdout', 'a')).toBeUndefined();
  });

  it('gives output the chunks of both', async () => {
    const seen: string[] = [];
    const gate = new CallbackGate(
      { stdout: (chunk) => seen.push(`out ${chunk}`), output: (chunk) => seen.push(`any ${chunk}`) },
      never,
    );
    await Promise.all([gate.hand('stdout', 'a'), gate.hand('stderr', 'b')]);
    expect(seen).toEqual(['out a', 'any a', 'any b']);
  });

  it.each([
    [
      'throws',
      () => {
        throw new Error('mine');
      },
    ],
    [
      'rejects',
      async () => {
        throw new Error('mine');
      },
    ],
  ])('calls one that %s no more, and the others to the end', async (_name, failing) => {
    const seen: string[] = [];
    let calls = 0;
    const gate = new CallbackGate(
      {
        stdout: () => {
          calls += 1;
          return failing();
        },
        output: (chunk) => seen.push(chunk),
      },
      never,
    );
    await gate.hand('stdout', 'a');
    await gate.hand('stdout', 'b');
    expect(calls).toBe(1);
    expect(seen).toEqual(['a', 'b']);
    expect(gate.wants('stdout')).toBe(true);
    expect(() => gate.throwFailure()).toThrow('mine');
  });

  it('wants nothing more when its only callback threw', async () => {
    const gate = new CallbackGate(
      {
        stdout: () => {
          throw new Error('mine');
        },
      },
      never,
    );
    await gate.hand('stdout', 'a');
    expect(gate.wants('stdout')).toBe(false);
    expect(gate.wants('stderr')).toBe(false);
  });

  it('lets go of a callback that never settles when the signal fires', async () => {
    const controller = new AbortController();
    const gate = new CallbackGate({ stdout: () => new Promise(() => {}) }, controller.signal);
    const handed = gate.hand('stdout', 'a');
    controller.abort();
    await expect(handed).rejects.toMatchObject({ kind: 'aborted' });
  });
});
