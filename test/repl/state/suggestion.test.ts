import { expect, test } from 'vitest';
import type { PastCommand } from '../../../src/repl/editor/past-command.ts';
import type { ReplEvent } from '../../../src/repl/state/event.ts';
import { shownSuggestion } from '../../../src/repl/state/history/suggestion.ts';
import { defaultSettings } from '../../../src/repl/state/settings.ts';
import type { ReplState } from '../../../src/repl/state/state.ts';
import { ended, launched, line, type Played, play, press, start, type } from './play.ts';

const here = { devbox: 'local', shell: 'main' };
const commands: PastCommand[] = [
  { command: 'git push --force-with-lease origin', at: 1, ...here, exitStatus: 0 },
  { command: 'git status', at: 2, ...here, exitStatus: 0 },
];
const withPast = (changes: Partial<ReplState> = {}) =>
  start({ past: { devbox: 'local', commands, loaded: 'yes' }, ...changes });
const shown = ({ state }: Played) => shownSuggestion(state);
const text = ({ state }: Played) => state.editor.buffer.text;

test('it is shown behind what is typed, and follows it', () => {
  const typed = play(withPast(), type('git'));
  expect(shown(typed)).toBe(' status');
  expect(shown(play(typed, type(' s')))).toBe('tatus');
  expect(shown(play(typed, type(' p')))).toBe('ush --force-with-lease origin');
  expect(shown(play(typed, type(' x')))).toBe('');
  expect(shown(play(typed, type(' x'), press('backspace')))).toBe('status');
  expect(shown(play(typed, press('ctrl+u')))).toBe('');
});

test.each(['right', 'ctrl+f', 'end', 'ctrl+e'])('%s takes all of it, as one step of undo', (key) => {
  const taken = play(withPast(), type('git p'), press(key));
  expect(text(taken)).toBe('git push --force-with-lease origin');
  expect(text(play(taken, press('ctrl+_')))).toBe('git p');
});

test('Alt-F takes it word by word', () => {
  const one = play(withPast(), type('git p'), press('alt+f'));
  expect(text(one)).toBe('git push');
  expect(text(play(one, press('alt+f')))).toBe('git push --force');
  expect(text(play(one, press('alt+f'), press('right')))).toBe('git push --force-with-lease origin');
});

test('elsewhere than at the end the keys move, and nothing is shown', () => {
  const inside = play(withPast(), type('git s'), press('left'));
  expect(shown(inside)).toBe('');
  const moved = play(inside, press('right'));
  expect(text(moved)).toBe('git s');
  expect(shown(moved)).toBe('tatus');
});

test('nothing is offered for a line with a leading space, in the search, while browsing, or when it is off', () => {
  expect(shown(play(withPast(), type(' git')))).toBe('');
  expect(shown(play(withPast(), type('git'), press('ctrl+r')))).toBe('');
  expect(shown(play(withPast({ history: ['git'] }), type('g'), press('up')))).toBe('');
  const off = withPast({ settings: { ...defaultSettings, suggestions: 'off' } });
  expect(shown(play(off, type('git')))).toBe('');
});

test('behind an open menu of completions nothing is offered', () => {
  const candidates = ['one', 'two'].map((name) => ({ name, kind: 'file' as const }));
  const answer: ReplEvent = { type: 'completed', request: 1, answer: { candidates, more: false } };
  const menu = play(withPast(), type('git '), press('tab'), answer);
  expect(menu.state.completion?.phase).toBe('menu');
  expect(shown(menu)).toBe('');
  expect(shown(play(menu, press('escape')))).toBe('status');
});

test('Enter sends what is typed, never what is offered; what was sent is offered the next time', () => {
  const sent = play(start(), ...line('echo one two'), launched(1), ended(1));
  const typed = play(sent, type('echo'));
  expect(shown(typed)).toBe(' one two');
  expect(play(typed, press('enter')).last).toContainEqual(
    expect.objectContaining({ type: 'launch', command: 'echo' }),
  );
});

test('what the loaded history holds is offered for what is typed already', () => {
  const typed = play(start({ past: { devbox: 'local', commands: [], loaded: 'no' } }), type('git'));
  expect(shown(typed)).toBe('');
  expect(shown(play(typed, { type: 'past-loaded', commands }))).toBe(' status');
});
