import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { looseSpan, matchedRanges, matchesTerms, readQuery } from '../../../src/repl/editor/history-match.ts';

const marked = (query: string, text: string) =>
  matchedRanges(readQuery(query), text).map(({ start, end }) => text.slice(start, end));

describe('matching a command', () => {
  it.each([
    ['', 'anything', true],
    ['make', 'make test', true],
    ['test make', 'make test', true],
    ['make', 'MAKE it', true],
    ['Make', 'make it', false],
    ['Make', 'Make it', true],
    ['make tset', 'make test', false],
    ['a.c', 'abc', false],
    ['ä', 'Ärger', true],
  ])('%j in %j: %j', (query, text, expected) => {
    expect(matchesTerms(readQuery(query), text)).toBe(expected);
  });

  it('tells how far the letters are spread, in their order', () => {
    expect(looseSpan(readQuery('mkt'), 'make test')).toBe(6);
    expect(looseSpan(readQuery('m k t'), 'make test')).toBe(6);
    expect(looseSpan(readQuery('tm'), 'make test')).toBeUndefined();
    expect(looseSpan(readQuery('MT'), 'make test')).toBeUndefined();
  });

  it('marks every place of every term, or else the letters', () => {
    expect(marked('t a', 'make test')).toEqual(['a', 't', 't']);
    expect(marked('ab bc', 'xabcx')).toEqual(['abc']);
    expect(marked('$(a.b)', 'echo $(a.b) $(axb)')).toEqual(['$(a.b)']);
    expect(marked('mkt', 'make test')).toEqual(['m', 'k', 't']);
    expect(marked('😀', 'echo 😀')).toEqual(['😀']);
    expect(marked('zzz', 'make test')).toEqual([]);
    expect(marked('', 'make test')).toEqual([]);
  });

  it('marks something in whatever matches, never beyond the text, in order and apart', () => {
    const text = fc.string({
      unit: fc.constantFrom('a', 'B', ' ', '.', '[', '\\', 'ß', 'İ', '😀', '\n', '-'),
    });
    fc.assert(
      fc.property(text, text, (query, command) => {
        const read = readQuery(query);
        const ranges = matchedRanges(read, command);
        let before = -1;
        for (const { start, end } of ranges) {
          expect(start).toBeGreaterThan(before);
          expect(end).toBeGreaterThan(start);
          expect(end).toBeLessThanOrEqual(command.length);
          before = end;
        }
        const plain = !query.includes('İ') && !command.includes('İ');
        if (plain && read.terms.length > 0 && matchesTerms(read, command))
          expect(ranges.length).toBeGreaterThan(0);
      }),
    );
  });
});
