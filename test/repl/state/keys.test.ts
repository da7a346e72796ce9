import { expect, test } from 'vitest';
import { colonCommands } from '../../../src/repl/state/commands/registry.ts';
import { keymap } from '../../../src/repl/state/keys/keymap.ts';
import { settingNames } from '../../../src/repl/state/settings.ts';
import type { Played } from './play.ts';
import { launched, line, NOW, play, press, start, type } from './play.ts';

const kinds = ({ last }: Played) => last.map((effect) => effect.type);
const shownKeys = (keys: string) => keys.replaceAll('+', '-');
const printed = ({ last }: Played) =>
  last.flatMap((effect) => (effect.type === 'print' ? [effect.text] : [])).join('\n');

test('Enter on unfinished text goes to a new line, and Ctrl-O sends it all the same', () => {
  const open = play(start(), type('for i in 1 2; do'), { ...press('enter'), unfinished: true } as never);
  expect(open.state.editor.buffer.text).toBe('for i in 1 2; do\n');
  expect(open.state.entries).toEqual([]);
  expect(play(open, press('ctrl+o')).state.entries).toMatchObject([{ command: 'for i in 1 2; do\n' }]);
});

test('Ctrl-C clears the line, undo brings it back; on an empty line it interrupts what runs', () => {
  const running = play(start(), ...line('sleep 100'), launched(1), type('half a li'));
  const cleared = play(running, press('ctrl+c'));
  expect(cleared.last).toEqual([]);
  expect(cleared.state.editor.buffer.text).toBe('');
  expect(play(cleared, press('ctrl+_')).state.editor.buffer.text).toBe('half a li');
  expect(play(cleared, press('ctrl+c')).last).toEqual([{ type: 'interrupt', executionId: 'e1' }]);
});

test('a command that ignores Ctrl-C makes the next press name Ctrl-\\', () => {
  const running = play(start(), ...line('stubborn'), launched(1), press('ctrl+c', NOW));
  expect(running.state.notice).toBeUndefined();
  expect(play(running, press('ctrl+c', NOW + 2_000)).state.notice).toContain('Ctrl-\\');
  expect(play(running, press('ctrl+\\', NOW + 2_000)).last).toEqual([{ type: 'kill', executionId: 'e1' }]);
});

test('Ctrl-C with nothing to interrupt says so and never leaves', () => {
  const pressed = play(start(), press('ctrl+c'));
  expect(pressed.state.leaving).toBe(false);
  expect(pressed.state.notice).toContain('Nothing is running');
});

test('Ctrl-D deletes in a line, detaches on an empty one, and asks when lines are unsent', () => {
  const inLine = play(start(), type('ab'), press('ctrl+a'), press('ctrl+d'));
  expect(inLine.state.editor.buffer.text).toBe('b');
  expect(kinds(play(start(), press('ctrl+d')))).toEqual(['leave']);

  const unsent = play(start(), ...line('one'), ...line('two'));
  const asked = play(unsent, press('ctrl+d'));
  expect(asked.last).toEqual([]);
  expect(asked.state.notice).toContain('not sent yet');
  expect(kinds(play(asked, press('ctrl+d')))).toEqual(['leave']);
});

test('a leading space sends a line that starts with a colon, and keeps it out of history', () => {
  const spaced = play(start(), ...line(' :help'));
  expect(spaced.state.entries).toMatchObject([{ command: ' :help' }]);
  expect(spaced.state.history).toEqual([]);
  expect(play(start(), ...line('\\:help')).state.entries).toMatchObject([{ command: ':help' }]);
});

test('an unknown command names the nearest one', () => {
  expect(printed(play(start(), ...line(':shels')))).toContain('Did you mean :shells?');
});

test(':help is one page of 24 rows at 80 columns, F1 too, and says where the rest is', () => {
  const text = printed(play(start({ columns: 80 }), press('f1')));
  expect(printed(play(start({ columns: 80 }), ...line(':help')))).toBe(`:help\n${text}`);
  // The rows of the prompt, the status line, and the line above that was typed.
  expect(text.split('\n').length).toBeLessThanOrEqual(24 - 3);
  for (const name of [
    'Enter',
    'Tab',
    'Ctrl-C',
    'Ctrl-D',
    ':show',
    ':switch',
    ':help keys',
    ':help commands',
  ]) {
    expect(text).toContain(name);
  }
});

test(':help keys names every key that has a label, :help commands every command, :help settings every setting', () => {
  const keys = printed(play(start(), ...line(':help keys')));
  for (const { label } of keymap) if (label !== undefined) expect(keys).toContain(label);
  const commands = printed(play(start(), ...line(':help commands')));
  for (const { name, argument } of colonCommands)
    expect(commands).toContain(`:${name}${argument ? ` ${argument}` : ''}`);
  const settings = printed(play(start(), ...line(':help settings')));
  for (const name of settingNames) expect(settings).toContain(name);
});

test('with --plain :help names the keys that reach nsh, and no other', () => {
  const about = (what: string) => printed(play(start({ plain: true, columns: 40 }), ...line(what)));
  const labels = (text: string) =>
    [...text.matchAll(/^ {2}((?:Ctrl|Alt)-\S+|Enter|Tab|Up)/gm)].map(([, key]) => key);
  expect(labels(about(':help'))).toEqual(['Enter', 'Ctrl-C', 'Ctrl-\\', 'Ctrl-T', 'Ctrl-D']);
  expect(labels(about(':help keys'))).toEqual(['Enter', 'Ctrl-C', 'Ctrl-\\', 'Ctrl-T', 'Ctrl-D', 'Ctrl-Z']);
  for (const row of about(':help keys').split('\n')) expect(row.length).toBeLessThanOrEqual(40);
});

test(':help NAME tells of one command, key or setting; of another the nearest', () => {
  const about = (name: string) => printed(play(start(), ...line(`:help ${name}`))).replace(/^.*\n/, '');
  expect(about('switch')).toMatch(/^ {2}:switch NAME {2}detach/);
  expect(about(':switch')).toBe(about('switch'));
  expect(about('ctrl-r')).toMatch(/^ {2}Ctrl-R {2}search/);
  expect(about('wrap')).toMatch(/^ {2}wrap {2}off cuts .*default on\)$/s);
  expect(about('swich')).toContain('Did you mean `:help switch`?');
});

test.each([40, 80, 200])('help at %d columns is never wider than the screen and loses no word', (columns) => {
  for (const command of [':help', ':help keys', ':help commands', ':help settings']) {
    const text = printed(play(start({ columns }), ...line(command)));
    for (const row of text.split('\n')) expect(row.length).toBeLessThanOrEqual(columns);
    const words = text.replace(/\s+/g, ' ');
    for (const { label, help, brief } of keymap) {
      if (command === ':help keys' && label !== undefined) expect(words).toContain(help);
      if (command === ':help' && brief !== undefined) expect(words).toContain(brief);
    }
  }
});

test(':switch to a shell that is not there, and :new of one that is, say so', () => {
  const asked = play(start(), ...line(':switch bulid'));
  expect(asked.last.slice(2)).toEqual([{ type: 'switch', name: 'bulid', wanted: 'there' }]);
  const told = play(asked, { type: 'no-such-shell', name: 'bulid', shells: ['main', 'build'] });
  expect(printed(told)).toBe('There is no shell bulid. Did you mean build? ":new bulid" makes it.');
  const made = play(start(), ...line(':new build'));
  expect(made.last.slice(2)).toEqual([{ type: 'switch', name: 'build', wanted: 'new' }]);
  expect(printed(play(made, { type: 'shell-is-there', name: 'build' }))).toContain('":switch build"');
  expect(play(start(), ...line(':new')).last.slice(2)).toEqual([
    { type: 'switch', name: undefined, wanted: 'new' },
  ]);
});

test('no key has two meanings', () => {
  const keys = keymap.flatMap((binding) => binding.keys);
  expect(new Set(keys).size).toBe(keys.length);
});

test('keys of a sequence: the second decides; one that means nothing is told, and Ctrl-C gives it up', () => {
  const typed = play(start(), type('echo a'), press('ctrl+w'), press('ctrl+x'));
  expect(typed.state.editor.buffer.text).toBe('echo ');
  expect(play(typed, press('ctrl+u')).state.editor.buffer.text).toBe('echo a');
  expect(play(typed, press('ctrl+u'), press('ctrl+u')).state.editor.buffer.text).toBe('');
  expect(play(typed, press('z')).state.notice).toContain('Ctrl-X Z does nothing');
  const given = play(typed, press('ctrl+c'));
  expect([given.state.editor.buffer.text, given.state.notice]).toEqual(['echo ', undefined]);
  expect(play(given, type('z')).state.editor.buffer.text).toBe('echo z');
});

test('the label of a binding names a key of it and no key of another line', () => {
  const labels = keymap.flatMap(({ label }) => (label === undefined ? [] : label.split('  ')));
  const keys = new Set(keymap.flatMap((binding) => binding.keys.map(shownKeys)));
  for (const label of labels) expect([...keys]).toContain(label.toLowerCase());
  expect(new Set(labels).size).toBe(labels.length);
});

test(':close asks for :close! while commands run', () => {
  const busy = play(start(), ...line('make'), launched(1));
  expect(kinds(play(busy, ...line(':close')))).not.toContain('close-shell');
  expect(kinds(play(busy, ...line(':close!')))).toContain('close-shell');
});

test('Up and Down walk this shell’s history and come back to the draft', () => {
  const played = play(start({ history: ['make', 'ls', 'make test'] }), type('ma'), press('up'));
  expect(played.state.editor.buffer.text).toBe('make test');
  expect(play(played, press('up')).state.editor.buffer.text).toBe('make');
  expect(play(played, press('down')).state.editor.buffer.text).toBe('ma');
});
