import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createPump, type PumpOptions } from '../../../src/repl/output/pump.ts';

const label = (lines: number) => `… ${lines} lines folded`;

/** A pump whose turns are taken by hand. */
function handPump(options: Partial<PumpOptions> = {}) {
  const writes: string[] = [];
  const turns: (() => void)[] = [];
  const pump = createPump({
    write: (text) => {
      writes.push(text);
    },
    yieldTurn: (next) => void turns.push(next),
    maxBytesPerTurn: 100,
    backlogCapBytes: 1000,
    ...options,
  });
  const turn = () => {
    for (const next of turns.splice(0)) next();
  };
  const drain = () => {
    for (let count = 0; turns.length > 0 && count < 10_000; count++) turn();
  };
  return { pump, writes, turn, drain, turns, screen: () => writes.join('') };
}

/** `count` lines of 10 bytes, numbered. */
function numbered(from: number, count: number): string {
  return Array.from({ length: count }, (_, index) => `${String(from + index).padStart(9, '0')}\n`).join('');
}

/** The numbers on the screen, a fold giving as many as it stands for; anything else as it is. */
function unfold(screen: string): string[] {
  let next = 0;
  return screen
    .split('\n')
    .slice(0, -1)
    .flatMap((line) => {
      const folded = /^… (\d+) lines folded$/.exec(line);
      const count = folded ? Number(folded[1]) : 1;
      if (!folded && !/^\d{9}$/.test(line)) return [line];
      if (!folded) expect(Number(line)).toBe(next);
      next += count;
      return folded ? [`folded ${count}`] : [];
    })
    .concat(String(next));
}

async function isPending(promise: Promise<void>): Promise<boolean> {
  const pending = Symbol('pending');
  return (
    (await Promise.race([promise, new Promise((resolve) => setImmediate(resolve, pending))])) === pending
  );
}

describe('the pump', () => {
  it('writes nothing at once, and all of one turn together', () => {
    const { pump, writes, turn } = handPump();
    pump.write('header\n');
    pump.write('one\ntwo\n', label);
    pump.write('exit');
    pump.write('');
    expect(writes).toEqual([]);
    turn();
    expect(writes).toEqual(['header\none\ntwo\nexit\n']);
  });

  it('keeps the order of everything and the bound of each write', () => {
    const { pump, writes, drain, screen } = handPump({ backlogCapBytes: 10_000 });
    const other = (lines: number) => `${lines}`;
    let all = '';
    for (let count = 0; count < 50; count++) {
      const lines = numbered(count * 7, 1 + (count % 7));
      all += `#${count}\n${lines}`;
      pump.write(`#${count}\n`);
      pump.write(lines, count % 2 ? label : other);
    }
    drain();
    expect(screen()).toBe(all);
    for (const text of writes) expect(Buffer.byteLength(text)).toBeLessThanOrEqual(100);
    expect(writes.every((text) => text.endsWith('\n'))).toBe(true);
  });

  it('cuts a large text at lines, by its bytes, and lets one long line through whole', () => {
    const { pump, writes, drain, screen } = handPump({ backlogCapBytes: 100_000 });
    const text = `${'日本語\n'.repeat(100)}${'x'.repeat(500)}\n${'y\n'.repeat(300)}`;
    pump.write(text, label);
    drain();
    expect(screen()).toBe(text);
    for (const written of writes) {
      if (!written.includes('xxx')) expect(Buffer.byteLength(written)).toBeLessThanOrEqual(100);
      expect(written.endsWith('\n')).toBe(true);
    }
  });

  it('folds the middle of a flood and nothing else', () => {
    const { pump, drain, screen } = handPump({ holdMs: 0 });
    pump.write('header\n');
    for (let count = 0; count < 1000; count++) pump.write(numbered(count * 3, 3), label);
    pump.write('exit line\n');
    drain();
    const [header, folded, exit, total] = unfold(screen());
    expect([header, exit, total]).toEqual(['header', 'exit line', '3000']);
    expect(folded).toMatch(/^folded 29\d\d$/);
    expect(screen().length).toBeLessThan(1100);
    expect(screen()).toContain('000000000\n');
    expect(screen()).toContain('000002999\nexit line\n');
  });

  it('keeps every header and exit line of commands whose output is folded', () => {
    const { pump, drain, screen } = handPump();
    for (let command = 0; command < 20; command++) {
      const own = (lines: number) => `… ${lines} of ${command}`;
      pump.write(`header ${command}\n`);
      for (let count = 0; count < 30; count++) pump.write('123456789\n', own);
      pump.write(`exit ${command}\n`);
    }
    drain();
    const counts = new Map<string, number>();
    let current = '';
    for (const line of screen().split('\n')) {
      const folded = /^… (\d+) of (\d+)$/.exec(line);
      if (line.startsWith('header')) current = line.slice(7);
      if (folded) expect(folded[2]).toBe(current);
      if (folded || line === '123456789')
        counts.set(current, (counts.get(current) ?? 0) + Number(folded?.[1] ?? 1));
    }
    expect([...counts.values()]).toEqual(Array(20).fill(30));
    expect(screen().match(/^header/gm)).toHaveLength(20);
    expect(screen().match(/^exit/gm)).toHaveLength(20);
  });

  it('waits for a write that takes its time', async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    const writes: string[] = [];
    const pump = createPump({
      write: (text) => {
        writes.push(text);
        return promise;
      },
      maxBytesPerTurn: 10,
    });
    pump.write('one\n');
    pump.write(numbered(1, 3));
    const idle = pump.idle();
    expect(await isPending(idle)).toBe(true);
    expect(writes).toEqual(['one\n']);
    resolve();
    await idle;
    expect(writes.join('')).toBe(`one\n${numbered(1, 3)}`);
  });

  it('is idle when what was written before is on the screen, whatever comes after', async () => {
    const { pump, turn } = handPump();
    await pump.idle();
    pump.write(numbered(0, 10), label);
    const idle = pump.idle();
    pump.write(numbered(10, 10), label);
    expect(await isPending(idle)).toBe(true);
    turn();
    await idle;
    turn();
    await pump.idle();
  });

  describe('in a flood', () => {
    beforeEach(() => {
      vi.useFakeTimers({ toFake: ['performance', 'setTimeout', 'clearTimeout'] });
    });
    afterEach(() => {
      vi.useRealTimers();
    });

    it('slows the producer down first, then lets it go', async () => {
      const { pump, turn } = handPump({ patienceMs: 2000 });
      await pump.ready();
      pump.write(numbered(0, 60), label);
      let ready = pump.ready();
      turn();
      expect(await isPending(ready)).toBe(true);
      for (let count = 0; count < 3; count++) turn();
      await ready;
      pump.write(numbered(60, 60), label);
      ready = pump.ready();
      vi.advanceTimersByTime(2001);
      turn();
      await ready;
      expect(await isPending(pump.ready())).toBe(true);
      const next = pump.ready();
      turn();
      await next;
    });

    it('counts the fold up and shows the latest lines now and then', () => {
      const { pump, turn, drain, screen, writes } = handPump({ holdMs: 1000 });
      let line = 0;
      const flood = (ms: number) => {
        for (let time = 0; time < ms; time += 10) {
          pump.write(numbered(line, 20), label);
          line += 20;
          turn();
          vi.advanceTimersByTime(10);
        }
      };
      flood(900);
      expect(screen()).not.toContain('folded');
      const before = writes.length;
      flood(50);
      expect(writes.length).toBe(before);
      flood(300);
      expect(screen().match(/folded/g)).toHaveLength(1);
      flood(1500);
      expect(screen().match(/folded/g)).toHaveLength(1);
      flood(1000);
      expect(screen().match(/folded/g)).toHaveLength(2);
      vi.advanceTimersByTime(200);
      drain();
      const numbers = unfold(screen());
      expect(numbers.at(-1)).toBe(String(line));
      expect(screen().endsWith(numbered(line - 20, 20))).toBe(true);
    });

    it('closes the fold at once for an exit line and for who waits', async () => {
      for (const close of ['exit', 'idle']) {
        const { pump, turn, drain, screen, turns } = handPump();
        for (let count = 0; count < 50; count++) {
          pump.write(numbered(count * 20, 20), label);
          turn();
        }
        expect(turns).toEqual([]);
        expect(screen()).not.toContain('folded');
        const idle = close === 'idle' ? pump.idle() : pump.write('exit\n');
        drain();
        await idle;
        expect(screen().match(/folded/g)).toHaveLength(1);
        expect(unfold(screen()).at(-1)).toBe('1000');
        if (close === 'exit') expect(screen().endsWith('000000999\nexit\n')).toBe(true);
      }
    });
  });
});
