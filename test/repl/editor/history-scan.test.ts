import { describe, expect, it } from 'vitest';
import { type HistoryScan, scanOn, startScan } from '../../../src/repl/editor/history-scan.ts';
import type { HistoryScope, PastCommand } from '../../../src/repl/editor/past-command.ts';

const here = { devbox: 'local', shell: 'main' };
const past = (...commands: (string | Partial<PastCommand>)[]): PastCommand[] =>
  commands.map((one, at) => ({
    at,
    ...here,
    command: '',
    ...(typeof one === 'string' ? { command: one } : one),
  }));

function scanAll(list: readonly PastCommand[], text: string, scope: HistoryScope = 'shell'): HistoryScan {
  let scan = startScan(list, { text, scope, here });
  while (!scan.done) scan = scanOn(list, scan);
  return scan;
}
const found = (list: readonly PastCommand[], text: string, scope?: HistoryScope) =>
  scanAll(list, text, scope).matches.map(({ command }) => command);

describe('the scan of the history', () => {
  it('gives the newest first, each command once, as it was run last', () => {
    const list = past('make', { command: 'ls', exitStatus: 1 }, 'make test', {
      command: 'ls',
      exitStatus: 0,
    });
    expect(found(list, '')).toEqual(['ls', 'make test', 'make']);
    expect(scanAll(list, 'ls').matches).toEqual([list[3]]);
    expect(found(list, 'make')).toEqual(['make test', 'make']);
  });

  it('keeps to its scope', () => {
    const list = past('here', { command: 'beside', shell: 'other' }, { command: 'far', devbox: 'dbx_1' });
    expect(found(list, '')).toEqual(['here']);
    expect(found(list, '', 'devbox')).toEqual(['beside', 'here']);
    expect(found(list, '', 'all')).toEqual(['far', 'beside', 'here']);
  });

  it('falls back to letters in their order, the tightest first, only when no command holds the words', () => {
    const list = past('make test', 'm k t', 'mkt-tool', 'ls');
    expect(found(list, 'mkt')).toEqual(['mkt-tool']);
    expect(found(past('make test', 'm k t', 'ls'), 'mkt')).toEqual(['m k t', 'make test']);
    expect(found(list, 'zz')).toEqual([]);
  });

  it('looks at a bounded part in each step, and finds what stands at the very beginning of 100,000', () => {
    const list = past('needle', ...Array.from({ length: 100_000 }, (_, index) => `command ${index}`));
    let scan = startScan(list, { text: 'needle', scope: 'shell', here });
    let steps = 1;
    for (let left = list.length; !scan.done; steps += 1) {
      expect(left - scan.left).toBeLessThanOrEqual(10_000);
      left = scan.left;
      scan = scanOn(list, scan);
    }
    expect(steps).toBe(11);
    expect(scan.matches).toEqual([list[0]]);
  });

  it('ends with more matches than anybody looks through', () => {
    const list = past(...Array.from({ length: 100_000 }, (_, index) => `command ${index}`));
    const scan = startScan(list, { text: 'command', scope: 'shell', here });
    expect(scan.done).toBe(true);
    expect(scan.matches).toHaveLength(500);
    expect(scan.matches[0]?.command).toBe('command 99999');
  });
});
