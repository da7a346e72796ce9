import { describe, expect, it } from 'vitest';
import type { PastCommand } from '../../../src/repl/editor/past-command.ts';
import { suggest } from '../../../src/repl/editor/suggestion.ts';

const place = { devbox: 'local', shell: 'main', cwd: '/src' };
const here = { devbox: 'local', shell: 'main', cwd: '/src', exitStatus: 0 };
const past = (...list: (Partial<PastCommand> & { command: string })[]): PastCommand[] =>
  list.map((one, at) => ({ at, ...here, ...one }));

describe('the suggestion', () => {
  it('begins with the text and is longer than it', () => {
    expect(suggest(past({ command: 'make' }, { command: 'a make test' }), 'make', place)).toBeUndefined();
    expect(suggest(past({ command: 'make test' }), 'make', place)).toBe('make test');
    expect(suggest([], 'make', place)).toBeUndefined();
  });

  it.each<[string, Partial<PastCommand>, Partial<PastCommand>]>([
    ['of equal ones the newest', {}, {}],
    ['one of this shell before one run in this directory', { shell: 'other' }, { cwd: '/tmp' }],
    [
      'one of this devbox before one of another',
      { devbox: 'far' },
      { shell: 'other', cwd: '/tmp', exitStatus: 1 },
    ],
    ['one run in this directory before one that succeeded', { cwd: '/tmp' }, { exitStatus: 1 }],
    ['one that succeeded before one that failed', { exitStatus: 2 }, {}],
  ])('is %s', (_name, worse, better) => {
    const list = past({ command: 'make worse', ...worse }, { command: 'make better', ...better });
    expect(suggest(list, 'make', place)).toBe('make better');
    // Rank, not age: only equal ones are told apart by that.
    if (_name.includes('newest')) return;
    expect(suggest(list.toReversed(), 'make', place)).toBe('make better');
  });

  it('is never a slip, nor what another program ran; a failure is better than nothing', () => {
    const list = past(
      { command: 'make failing', exitStatus: 1 },
      { command: 'makr test', exitStatus: 127 },
      { command: 'make generated', elsewhere: true },
    );
    expect(suggest(list, 'mak', place)).toBe('make failing');
    expect(suggest(list, 'makr', place)).toBeUndefined();
  });

  it('does without a directory that is not known', () => {
    const list = past({ command: 'make a', cwd: '/src' }, { command: 'make b', cwd: '/tmp' });
    expect(suggest(list, 'make', { ...place, cwd: undefined })).toBe('make b');
  });
});
