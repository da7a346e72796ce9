import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createBuffer } from '../../../src/repl/editor/edit-buffer.ts';
import { type Editor, emptyEditor } from '../../../src/repl/editor/editor.ts';
import { initialVi } from '../../../src/repl/editor/vi/vi.ts';
import { motionKeys, otherKeys, parseViCommand } from '../../../src/repl/editor/vi/vi-command.ts';
import { viHelp } from '../../../src/repl/editor/vi/vi-help.ts';
import type { ReplState } from '../../../src/repl/state/state.ts';
import { type Played, play, press, start, type } from '../state/play.ts';
import { allBorders, nastyText } from './nasty-text.ts';

const ESCAPE = press('escape');

/** `|` is the cursor; in normal mode it stands on the character behind it. */
function normalAt(marked: string, changes: Partial<ReplState> = {}): Played {
  const cursor = marked.indexOf('|');
  const editor: Editor = { ...emptyEditor, buffer: createBuffer(marked.replace('|', ''), cursor) };
  const { settings } = start().state;
  return start({
    settings: { ...settings, keys: 'vi' },
    editor,
    vi: { ...initialVi, mode: 'normal' },
    ...changes,
  });
}

function shown({ state: { editor, vi } }: Played): string {
  const { text, cursor } = editor.buffer;
  return `${text.slice(0, cursor)}|${text.slice(cursor)}${vi.mode === 'insert' ? ' (insert)' : ''}`;
}

/** `⎋` is Escape. */
function typed(from: Played, keys: string): Played {
  return keys.split(/(⎋)/).reduce((at, part) => {
    if (part === '') return at;
    return part === '⎋' ? play(at, ESCAPE) : play(at, type(part));
  }, from);
}

// biome-ignore format: a table
const table: [before: string, keys: string, after: string][] = [
  ['a|bc', 'h', '|abc'], ['|abc', 'h', '|abc'], ['ab|c', 'l', 'ab|c'], ['|abcd', '2l', 'ab|cd'], ['abcd|e', '3h', 'a|bcde'],
  ['|foo-bar baz', 'w', 'foo|-bar baz'], ['|foo-bar baz', '3w', 'foo-bar |baz'], ['|foo-bar baz', 'W', 'foo-bar |baz'],
  ['foo-bar b|az', 'b', 'foo-bar |baz'], ['foo-bar |baz', 'b', 'foo-|bar baz'], ['foo-bar |baz', 'B', '|foo-bar baz'],
  ['|foo-bar baz', 'e', 'fo|o-bar baz'], ['fo|o-bar baz', 'e', 'foo|-bar baz'], ['|foo-bar baz', 'E', 'foo-ba|r baz'],
  ['|foo bar', '2e', 'foo ba|r'], ['|foo bar', '9w', 'foo ba|r'], ['  ab|c', '0', '|  abc'], ['  ab|c', '^', '  |abc'],
  ['|abc', '$', 'ab|c'], ['|a\nbc', '2$', 'a\nb|c'], ['abc|d', '2|', 'a|bcd'],
  ['|echo a.b.c', 'f.', 'echo a|.b.c'], ['|echo a.b.c', '2f.', 'echo a.b|.c'], ['|echo a.b.c', 'f.;', 'echo a.b|.c'],
  ['|echo a.b.c', 'f.;,', 'echo a|.b.c'], ['|echo a.b.c', 't.', 'echo |a.b.c'], ['|echo a.b.c', 't.;', 'echo a.|b.c'],
  ['echo a.b|.c', 'F.', 'echo a|.b.c'], ['echo a.b.|c', 'T.', 'echo a.b.|c'], ['|abc', 'fz', '|abc'], ['echo a.|b.c', 'F.', 'echo a|.b.c'],
  ['a|b\ncd', 'j', 'ab\nc|d'], ['ab\nc|d', 'k', 'a|b\ncd'], ['a|b\ncd\nef', 'G', 'ab\ncd\n|ef'], ['ab\ncd\ne|f', 'gg', '|ab\ncd\nef'],
  ['a|b\ncd\nef', '2G', 'ab\n|cd\nef'], ['ab\ncd\n e|f', 'kk', 'a|b\ncd\n ef'],
  ['a|bc', 'x', 'a|c'], ['ab|c', 'x', 'a|b'], ['|abcd', '2x', '|cd'], ['ab|c', 'X', 'a|c'], ['|abc', 'X', '|abc'], ['|', 'x', '|'],
  ['foo |bar baz', 'dw', 'foo |baz'], ['foo bar |baz', 'dw', 'foo bar| '], ['|foo bar baz', 'd2w', '|baz'], ['|foo bar baz', '2dw', '|baz'],
  ['|foo\nbar', 'dw', '|\nbar'], ['foo b|ar baz', 'db', 'foo |ar baz'], ['foo |bar baz', 'de', 'foo | baz'], ['foo |bar', 'd$', 'foo| '],
  ['foo |bar', 'D', 'foo| '], ['foo |bar', 'd0', '|bar'], ['|foo(a, b)', 'dt(', '|(a, b)'], ['|foo(a, b)', 'df(', '|a, b)'],
  ['foo(a, |b)', 'dF(', 'foo|b)'], ['ab\nc|d\nef', 'dd', 'ab\n|ef'], ['ab\nc|d', 'dd', '|ab'], ['a|b', 'dd', '|'],
  ['ab\nc|d\nef', 'dj', '|ab'], ['ab\nc|d\nef', 'dk', '|ef'], ['ab\nc|d\nef', 'dgg', '|ef'], ['a|b\ncd\nef', 'dG', '|'], ['a|b', 'dj', 'a|b'],
  ['|foo bar', 'cw', '| bar (insert)'], ['|foo bar', 'cwxy⎋', 'x|y bar'], ['f|oo bar', 'cw', 'f| bar (insert)'], ['|foo bar baz', 'c2wx⎋', '|x baz'],
  ['foo |bar', 'C', 'foo | (insert)'], ['ab\nc|d\nef', 'cc', 'ab\n|\nef (insert)'], ['a|b', 'S', '| (insert)'], ['a|bc', 'sx⎋', 'a|xc'],
  ['foo |bar', 'yw$p', 'foo barba|r'], ['|ab cd', 'yw', '|ab cd'], ['ab c|d', 'yb', 'ab |cd'], ['a|b\ncd', 'yyp', 'ab\n|ab\ncd'],
  ['a|b\ncd', 'yyP', '|ab\nab\ncd'], ['a|b\ncd', 'Yjp', 'ab\ncd\n|ab'], ['|ab', 'xp', 'b|a'], ['a|b', 'xP', '|ba'], ['|ab', 'x3p', 'baa|a'],
  ['ab\nc|d', 'ddP', '|cd\nab'], ['|ab', 'p', '|ab'],
  ['a|bc', 'rx', 'a|xc'], ['|abc', '2rx', 'x|xc'], ['ab|c', '2rx', 'ab|c'], ['|abc', '~', 'A|bc'], ['|aBc', '3~', 'Ab|C'],
  ['a|b\n  cd', 'J', 'ab| cd'], ['ab|\ncd\nef', '3J', 'ab cd| ef'], ['a|b', 'J', 'a|b'],
  ['a|b', 'ix⎋', 'a|xb'], ['a|b', 'ax⎋', 'ab|x'], ['  a|b', 'Ix⎋', '  |xab'], ['|ab', 'Ax⎋', 'ab|x'], ['a|b\nc', 'ox⎋', 'ab\n|x\nc'],
  ['a\nb|c', 'Ox⎋', 'a\n|x\nbc'], ['|ab', 'a', 'a|b (insert)'], ['|', 'A', '| (insert)'],
  ['a|b', 'xu', 'a|b'], ['|foo bar baz', 'dwdwuu', '|foo bar baz'], ['|foo bar', 'dwuU', '|bar'], ['|', 'ia b c⎋u', '|'], ['|foo bar', 'cwa b⎋u', '|foo bar'],
  ['|a b c d', 'dw.', '|c d'], ['|a b c d', 'dw2.', '|d'], ['|foo foo', 'cwx⎋w.', 'x |x'], ['|a', 'ob⎋.', 'a\nb\n|b'], ['|abcd', 'x..', '|d'],
  ['|a', 'Ab⎋..', 'abb|b'], ['|ab', '.', '|ab'], ['|a b', 'dwyw.', '|'],
  ['|👨‍👩‍👧e\u0301x', 'l', '👨‍👩‍👧|e\u0301x'], ['👨‍👩‍👧|e\u0301x', 'x', '👨‍👩‍👧|x'], ['|日本 語', 'w', '日本 |語'], ['|größe x', 'e', 'größ|e x'],
  ['|abc', 'd⎋x', '|bc'], ['|abc', '2⎋x', '|bc'], ['|abc', 'zx', '|bc'], ['|abc', 'dzx', '|bc'], ['|ab c', 'd w', 'b |c'],
];

test.each(table)('%j %s', (before, keys, after) => {
  expect(shown(typed(normalAt(before), keys))).toBe(after);
});

describe('in the REPL', () => {
  const insert = () => normalAt('|', { vi: initialVi });

  test('a line begins in insert mode; Enter sends it from normal mode, and the next one begins in insert mode', () => {
    const line = typed(insert(), 'echo a⎋');
    expect(shown(line)).toBe('echo |a');
    const sent = play(line, press('enter'));
    expect(sent.state.entries).toMatchObject([{ command: 'echo a' }]);
    expect(shown(sent)).toBe('| (insert)');
  });

  test('what `.` repeats and what was deleted outlive the line', () => {
    const sent = play(typed(insert(), 'one two⎋bdw'), press('enter'));
    expect(shown(typed(sent, '⎋k0.'))).toBe('|');
    expect(shown(typed(sent, '⎋p'))).toBe('tw|o');
  });

  test('keys that came together are taken one by one, whatever mode each is for', () => {
    expect(shown(typed(normalAt('foo |bar'), 'cwx yA⎋'))).toBe('foo x y|A');
    expect(shown(play(insert(), type('abc'), press('alt+h'), press('x')))).toBe('a|bc');
  });

  test('arrows and the other keys of the keymap work in both modes, and the cursor stays on a character', () => {
    const line = normalAt('a|bc');
    expect(shown(play(line, press('right'), press('right'), press('right')))).toBe('ab|c');
    expect(shown(play(line, press('backspace')))).toBe('|abc');
    expect(shown(play(line, press('delete')))).toBe('a|c');
    expect(shown(play(line, press('ctrl+e')))).toBe('ab|c');
    expect(shown(play(line, press('ctrl+k')))).toBe('|a');
    expect(shown(play(line, { type: 'key', key: { type: 'paste', text: 'x\ny' }, now: 0 }))).toBe('ax\ny|bc');
    expect(shown(play(line, press('ctrl+c')))).toBe('| (insert)');
  });

  test('Enter on unfinished text goes to a new line below, to type in', () => {
    const line = normalAt('for x in |1; do');
    expect(shown(play(line, { ...press('enter'), unfinished: true } as never))).toBe(
      'for x in 1; do\n| (insert)',
    );
  });

  test('k and j walk through the history of one-line entries', () => {
    const line = normalAt('|', { history: ['one', 'two'] });
    expect(shown(typed(line, 'k'))).toBe('tw|o');
    expect(shown(typed(line, '2k'))).toBe('on|e');
    expect(shown(typed(line, '2kj'))).toBe('tw|o');
  });

  test('v opens the editor and / the history search', () => {
    expect(typed(normalAt('a|b'), 'v').last).toEqual([{ type: 'edit-externally', text: 'ab' }]);
    expect(typed(normalAt('a|b'), '/').state.search).toBeDefined();
  });

  test('Escape means nothing with the emacs keys', () => {
    const emacs = play(start(), type('ab'), ESCAPE, type('h'));
    expect(emacs.state.editor.buffer.text).toBe('abh');
  });

  test('a moved cursor begins another insertion for `.`', () => {
    const line = play(typed(normalAt('|xx'), 'iab'), press('right'), type('c'), ESCAPE);
    expect(shown(line)).toBe('abx|cx');
    expect(shown(typed(line, '$.'))).toBe('abxc|cx');
  });
});

test('the help names every key of normal mode', () => {
  const named = viHelp.flatMap(([keys]) => keys.split(' '));
  for (const key of [...motionKeys, ...otherKeys, 'd', 'c', 'y']) expect(named).toContain(key);
  for (const key of named.slice(1)) expect(parseViCommand([...key])).not.toBe('unknown');
});

test('whatever is typed, the cursor stands on a character of its own and undo leads back', () => {
  const key = fc.oneof(
    { weight: 8, arbitrary: fc.constantFrom(...motionKeys.join(''), ...otherKeys.join(''), ...'dcy') },
    { weight: 2, arbitrary: fc.constantFrom(...'0123 z⎋') },
    { weight: 1, arbitrary: nastyText },
  );
  fc.assert(
    fc.property(nastyText, fc.array(key, { maxLength: 40 }), (text, keys) => {
      let at = normalAt(`|${text.replaceAll('|', '')}`);
      const before = at.state.editor.buffer.text;
      for (const part of keys) {
        // These leave the editor.
        if ('v/?'.includes(part)) continue;
        at = typed(at, part);
        const { buffer } = at.state.editor;
        expect(allBorders(buffer.text)).toContain(buffer.cursor);
        expect(buffer.text.isWellFormed()).toBe(true);
        if (at.state.vi.mode === 'normal' && buffer.cursor > 0 && buffer.text[buffer.cursor - 1] !== '\n') {
          expect(buffer.text[buffer.cursor]).toMatch(/[^\n]/);
        }
        at.state = { ...at.state, search: undefined, terminalLent: false };
      }
      expect(typed(at, '⎋⎋999u').state.editor.buffer.text).toBe(before);
    }),
    { numRuns: 300 },
  );
});
