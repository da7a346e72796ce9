import { expect, test } from 'vitest';
import { stdinPrompt, stdinStatus } from '../../../src/repl/state/stdin-mode.ts';
import type { Played } from './play.ts';
import { ended, launched, line, play, press, start, type } from './play.ts';

const CTRL_T = press('ctrl+t');
const CTRL_D = press('ctrl+d');
const printed = ({ effects }: Played) =>
  effects.flatMap((effect) => (effect.type === 'print' ? [effect.text] : []));
const sent = ({ effects }: Played) =>
  effects.flatMap((effect) => (effect.type === 'send-input' ? [effect.part] : []));

test('Ctrl-T is for one line, and a second press takes it back', () => {
  const next = play(start(), CTRL_T);
  expect(stdinPrompt(next.state)).toBe('◂❯ ');
  expect(stdinPrompt(play(next, CTRL_T).state)).toBeUndefined();
  const two = play(next, ...line('cat'), CTRL_T, ...line('date'));
  expect(two.state.entries.map(({ stdin }) => stdin)).toEqual(['open', undefined]);
});

test('what is typed before the command runs is handed over in order once it does, and only once', () => {
  const typed = play(start(), CTRL_T, ...line('sort'), ...line('b'), ...line(':help'), CTRL_D);
  expect(sent(typed)).toEqual([]);
  expect(typed.state.inputTo).toBeUndefined();
  const runs = play(typed, launched(1));
  expect(sent(runs)).toEqual([{ text: 'b\n' }, { text: ':help\n' }, 'end']);
  expect(sent(play(runs, type('x'), ended(1)))).toHaveLength(3);
  expect(stdinStatus(runs.state)).toBeUndefined();
});

test('what a command was not given is told', () => {
  const typed = play(start(), CTRL_T, ...line('cat'), ...line('lost'), ended(1));
  expect(printed(typed).at(-1)).toContain('#1 ended before it was given');
});

test('a command that ends while nothing is typed gives the keys back; a line begun for it is not run', () => {
  const runs = play(start(), CTRL_T, ...line('cat'), launched(1));
  expect(play(runs, ended(1)).state.inputTo).toBeUndefined();
  const begun = play(runs, type('rm it'), ended(1), press('enter'));
  expect(begun.last).toEqual([]);
  expect(begun.state.editor.buffer.text).toBe('rm it');
  expect(begun.state.notice).toContain('#1 has ended');
  expect(play(begun, press('enter')).state.entries).toMatchObject([{ command: 'rm it' }]);
});

test('the input is kept out of the history', () => {
  const typed = play(start(), CTRL_T, ...line('cat'), launched(1), ...line('a secret'));
  expect(typed.state.history).toEqual(['cat']);
  expect(JSON.stringify(typed.effects.filter((effect) => effect.type === 'remember'))).not.toContain(
    'a secret',
  );
});

test('where stdin is unproven that is said once', () => {
  const told = play(
    start(),
    { type: 'not-live' },
    CTRL_T,
    ...line('cat'),
    launched(1),
    ended(1),
    CTRL_T,
    ...line('cat'),
  );
  expect(printed(told).filter((text) => text.includes('does not say whether stdin reaches'))).toHaveLength(1);
  expect(printed(play(start(), CTRL_T, ...line('cat'))).join()).not.toContain('does not say');
});
