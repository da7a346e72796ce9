import { expect, test } from 'vitest';
import type { PastCommand } from '../../../src/repl/editor/past-command.ts';
import { frame } from '../../../src/repl/state/frame.ts';
import { enteredText } from '../../../src/repl/state/history/search.ts';
import { searchStatus } from '../../../src/repl/state/history/search-rows.ts';
import type { ReplState } from '../../../src/repl/state/state.ts';
import { ended, launched, line, NOW, type Played, play, press, start, type } from './play.ts';

const here = { devbox: 'local', shell: 'main' };
const commands: PastCommand[] = [
  { command: 'make test', at: NOW - 5_000, ...here, exitStatus: 2, cwd: '/src' },
  { command: 'ls', at: NOW - 4_000, ...here },
  { command: 'make deploy', at: NOW - 3_000, ...here, shell: 'build' },
  { command: 'make all', at: NOW - 2_000, ...here, exitStatus: 0, elsewhere: true },
];
const withPast = (changes: Partial<ReplState> = {}) =>
  start({ past: { devbox: 'local', commands, loaded: 'yes' }, ...changes });
const matches = ({ state }: Played) => state.search?.scan.matches.map(({ command }) => command);
const text = ({ state }: Played) => state.editor.buffer.text;

test('Ctrl-R searches as one types; Ctrl-R again and Up go to older ones, Ctrl-S and Down back', () => {
  const opened = play(withPast(), press('ctrl+r'));
  expect(matches(opened)).toEqual(['make all', 'ls', 'make test']);
  const typed = play(opened, type('ma'));
  expect(matches(typed)).toEqual(['make all', 'make test']);
  expect(enteredText(typed.state)).toBe('make all');
  const older = play(typed, press('ctrl+r'), press('up'));
  expect(enteredText(older.state)).toBe('make test');
  expect(enteredText(play(older, press('ctrl+s')).state)).toBe('make all');
  expect(matches(play(typed, press('backspace'), press('ctrl+u')))).toHaveLength(3);
});

test('what stands in the line is searched for, and Esc, Ctrl-G and Ctrl-C give it back', () => {
  const before = play(withPast(), type('ma'), press('left'));
  for (const key of ['escape', 'ctrl+g', 'ctrl+c']) {
    const opened = play(before, press('ctrl+r'));
    expect(matches(opened)).toEqual(['make all', 'make test']);
    const left = play(opened, type('ke t'), press('ctrl+r'), press(key));
    expect(left.state.search).toBeUndefined();
    expect(left.state.editor).toEqual(before.state.editor);
  }
});

test('Enter runs the match, an arrow takes it to be edited, and undo gives the line back', () => {
  const found = play(withPast(), type('te'), press('ctrl+r'));
  const run = play(found, press('enter'));
  expect(run.last).toContainEqual({ type: 'launch', number: 1, stdin: false, command: 'make test' });
  expect(run.state.search).toBeUndefined();
  const taken = play(found, press('right'));
  expect(taken.last).toEqual([]);
  expect(text(taken)).toBe('make test');
  expect(text(play(taken, press('ctrl+_')))).toBe('te');
});

test('Enter on a match that is unfinished takes it to be finished', () => {
  const taken = play(withPast(), press('ctrl+r'), type('test'), {
    ...press('enter'),
    unfinished: true,
  } as never);
  expect(taken.last).toEqual([]);
  expect(text(taken)).toBe('make test');
});

test('with no match Enter sends nothing and says so', () => {
  const none = play(withPast(), press('ctrl+r'), type('zzz'), press('enter'));
  expect(none.last).toEqual([]);
  expect(none.state.notice).toContain('Nothing matches');
  expect(none.state.search).toBeDefined();
});

test('Tab looks further, and the setting says where Ctrl-R begins', () => {
  const devbox = play(withPast(), press('ctrl+r'), press('tab'));
  expect(matches(devbox)).toEqual(['make all', 'make deploy', 'ls', 'make test']);
  expect(play(devbox, press('tab'), press('tab')).state.search?.scan.scope).toBe('shell');
  const set = play(withPast(), ...line(':set history all'), press('ctrl+r'));
  expect(set.state.search?.scan.scope).toBe('all');
});

test('a paste is searched for on one line; keys that mean nothing there do nothing', () => {
  const pasted = play(withPast(), press('ctrl+r'), {
    type: 'key',
    key: { type: 'paste', text: 'make\n  test' },
    now: NOW,
  });
  expect(pasted.state.search?.query.buffer.text).toBe('make test');
  const same = play(pasted, press('ctrl+j'), press('alt+enter'), press('ctrl+d'));
  expect(same.state.search?.query.buffer.text).toBe('make test');
  expect(same.state.leaving).toBe(false);
});

test('a long history is searched in steps, one asked for at a time', () => {
  const many = Array.from({ length: 70_000 }, (_, at) => ({ command: `c${at}`, at, ...here }));
  const long = start({ past: { devbox: 'local', commands: [...commands, ...many], loaded: 'yes' } });
  const opened = play(long, press('ctrl+r'), type('make'), type(' t'));
  expect(opened.effects.filter(({ type: kind }) => kind === 'search-on')).toHaveLength(1);
  let steps = opened;
  while (steps.state.search?.scan.done === false) steps = play(steps, { type: 'search-on' });
  expect(matches(steps)).toEqual(['make test']);
  expect(steps.effects.filter(({ type: kind }) => kind === 'search-on').length).toBeGreaterThan(2);
});

test('the first key asks for the whole history, once; what was typed meanwhile is in it once', () => {
  const fresh = start({ past: { devbox: 'local', commands: commands.slice(2), loaded: 'no' } });
  const typed = play(fresh, ...line('new'));
  expect(typed.effects.filter(({ type: kind }) => kind === 'load-past')).toHaveLength(1);
  const onDisk = [...commands, { command: 'new', at: NOW, ...here }];
  const loaded = play(typed, launched(1), ended(1, 3), press('ctrl+r'), {
    type: 'past-loaded',
    commands: onDisk,
  });
  expect(matches(loaded)).toEqual(['new', 'make all', 'ls', 'make test']);
  expect(loaded.state.past.commands.at(-1)).toMatchObject({
    command: 'new',
    exitStatus: 3,
    executionId: 'e1',
  });
});

test('Up goes on where it was when the rest of the history comes in, and never to what other programs ran', () => {
  const fresh = start({
    past: { devbox: 'local', commands: commands.slice(1), loaded: 'no' },
    history: ['ls'],
  });
  const up = play(fresh, press('up'));
  expect(text(up)).toBe('ls');
  const loaded = play(up, { type: 'past-loaded', commands });
  expect(loaded.state.history).toEqual(['make test', 'ls']);
  expect(text(play(loaded, press('up')))).toBe('make test');
});

test.each([
  { columns: 80, rows: 24 },
  { columns: 40, rows: 14 },
  { columns: 20, rows: 6 },
])('the frame stays below the screen at $columns x $rows, with a queue too', ({ columns, rows }) => {
  const many = Array.from({ length: 30 }, (_, at) => ({ command: `c${at}`, at, ...here }));
  const busy = play(
    start({ columns, rows, past: { devbox: 'local', commands: many, loaded: 'yes' } }),
    ...Array.from({ length: 9 }, (_, index) => line(`sleep ${index}`)).flat(),
    press('ctrl+r'),
  );
  const { search, queue, more, editorRows, showStatus, showPartial } = frame(busy.state);
  const shown = (search?.matches.length ?? 0) + (search?.hint ? 1 : 0) + (search?.message ? 1 : 0);
  const height =
    shown + queue.length + (more > 0 ? 1 : 0) + editorRows + Number(showStatus) + Number(showPartial);
  expect(height).toBeLessThan(rows);
  expect(search?.matches.some(({ selected }) => selected)).toBe(true);
});

test('the status tells of the match which it is, how it ended, when and where', () => {
  const at = new Date(2026, 10, 25, 14, 3).getTime();
  const one = { command: 'make', at, ...here, exitStatus: 2, cwd: '/src', elsewhere: true } as const;
  const opened = (now: number) =>
    searchStatus({
      ...play(start({ past: { devbox: 'local', commands: [one], loaded: 'yes' } }), press('ctrl+r')).state,
      now,
    });
  expect(opened(at + 60_000)).toBe('1/1 · exit 2 · 14:03 · from elsewhere · /src');
  expect(opened(at + 86_400_000)).toContain('· 25 Nov 14:03 ·');
  expect(opened(at + 366 * 86_400_000)).toContain('· 25 Nov 2026 ·');
});
