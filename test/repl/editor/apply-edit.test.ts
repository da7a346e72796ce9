import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { applyEdit } from '../../../src/repl/editor/apply-edit.ts';
import { createBuffer } from '../../../src/repl/editor/edit-buffer.ts';
import type { EditCommand } from '../../../src/repl/editor/edit-command.ts';
import { type Editor, emptyEditor, nextEntry } from '../../../src/repl/editor/editor.ts';
import { allBorders, nastyText } from './nasty-text.ts';

type Plain = Exclude<EditCommand['type'], 'insert' | 'paste' | 'set-text'>;
type Step = Plain | { readonly insert: string } | { readonly paste: string };

/** `|` is the cursor. */
function editorAt(marked: string): Editor {
  const cursor = marked.indexOf('|');
  return { ...emptyEditor, buffer: createBuffer(marked.replace('|', ''), cursor) };
}

function shown({ buffer: { text, cursor } }: Editor): string {
  return `${text.slice(0, cursor)}|${text.slice(cursor)}`;
}

function commandOf(step: Step): EditCommand {
  if (typeof step === 'string') return { type: step };
  return 'insert' in step ? { type: 'insert', text: step.insert } : { type: 'paste', text: step.paste };
}

function edited(marked: string, steps: readonly Step[], history: readonly string[] = []): string {
  return shown(steps.reduce((editor, step) => applyEdit(editor, commandOf(step), history), editorAt(marked)));
}

const typed = (text: string): Step[] => [...text].map((character) => ({ insert: character }));

describe('moving', () => {
  test.each<[string, Step[], string]>([
    ['ab|', ['move-left'], 'a|b'],
    ['|ab', ['move-left'], '|ab'],
    ['a👨‍👩‍👧|', ['move-left'], 'a|👨‍👩‍👧'],
    ['|e\u0301x', ['move-right'], 'e\u0301|x'],
    ['🇩🇪|🇫🇷', ['move-right'], '🇩🇪🇫🇷|'],
    ['|foo-bar baz', ['move-word-right'], 'foo|-bar baz'],
    ['foo|-bar baz', ['move-word-right'], 'foo-bar| baz'],
    ['foo-bar baz  |', ['move-word-left'], 'foo-bar |baz  '],
    ['--größe=1|', ['move-word-left', 'move-word-left'], '--|größe=1'],
    ['!\u0301|', ['move-word-left'], '|!\u0301'],
    ['ab\ncd|e\nf', ['move-line-start'], 'ab\n|cde\nf'],
    ['ab\nc|de\nf', ['move-line-end'], 'ab\ncde|\nf'],
    ['ab\nc|de', ['move-text-start'], '|ab\ncde'],
    ['a|b\ncde', ['move-text-end'], 'ab\ncde|'],
    ['abcd|\nx\nabcd', ['move-down', 'move-down'], 'abcd\nx\nabcd|'],
    ['abcd\nx\nabc|d', ['move-up', 'move-up'], 'abc|d\nx\nabcd'],
    ['abcd\nx\nabc|d', ['move-up', 'move-left', 'move-up'], '|abcd\nx\nabcd'],
    ['語語|\nabcdef', ['move-down'], '語語\nabcd|ef'],
    ['abc|\n語語', ['move-down'], 'abc\n語|語'],
    ['\tx|\n12345678', ['move-down'], '\tx\n12345678|'],
    ['a|b', ['move-up'], 'a|b'],
  ])('%j %j', (before, steps, after) => {
    expect(edited(before, steps)).toBe(after);
  });
});

describe('changing', () => {
  test.each<[string, Step[], string]>([
    ['a|c', [{ insert: 'b' }], 'ab|c'],
    ['|\u0301', [{ insert: 'e' }], 'e\u0301|'],
    ['|', [{ paste: 'a\r\nb\rc\n' }], 'a\nb\nc\n|'],
    ['|', [{ insert: '\ud83d' }], '\ufffd|'],
    ['a|b', ['new-line'], 'a\n|b'],
    ['ae\u0301|b', ['delete-left'], 'a|b'],
    ['a|👍🏽b', ['delete-right'], 'a|b'],
    ['|ab', ['delete-left'], '|ab'],
    ['ab|cd', ['kill-to-end'], 'ab|'],
    ['ab|\ncd', ['kill-to-end'], 'ab|cd'],
    ['x\nab|cd', ['kill-to-start'], 'x\n|cd'],
    ['x\n|cd', ['kill-to-start'], 'x|cd'],
    ['git commit --all|', ['kill-word-left'], 'git commit --|'],
    ['git commit --all|', ['kill-argument-left'], 'git commit |'],
    ['|git commit', ['kill-word-right'], '| commit'],
    ['ab|', ['transpose'], 'ba|'],
    ['a|bc', ['transpose'], 'ba|c'],
    ['|ab', ['transpose'], '|ab'],
    ['x\na|', ['transpose'], 'x\na|'],
    ['a e\u0301|', ['transpose'], 'ae\u0301 |'],
    ['mv src| dst', ['transpose-words'], 'mv dst src|'],
    ['cp -r src-dir dst  |', ['transpose-words'], 'cp -r src-dst dir|  '],
    ['one t|wo', ['transpose-words'], 'two one|'],
    ['one|', ['transpose-words'], 'one|'],
    ['|', ['transpose-words'], '|'],
    ['|foo bar', ['upcase-word', 'upcase-word'], 'FOO BAR|'],
    ['FO|O Bar', ['downcase-word', 'downcase-word'], 'FOo bar|'],
    ['| --dry-RUN', ['capitalize-word', 'capitalize-word'], ' --Dry-Run|'],
    ['|éa stra\u00dfe', ['capitalize-word', 'upcase-word'], 'Éa STRASSE|'],
    ['x|', ['upcase-word'], 'x|'],
    ['ab|c', ['clear'], '|'],
    ['ab|c', ['clear', 'undo'], 'ab|c'],
  ])('%j %j', (before, steps, after) => {
    expect(edited(before, steps)).toBe(after);
  });

  test('the whole text is replaced, with the cursor where it is wanted', () => {
    expect(shown(applyEdit(editorAt('old|'), { type: 'set-text', text: 'new text' }))).toBe('new text|');
    expect(shown(applyEdit(editorAt('old|'), { type: 'set-text', text: 'new text', cursor: 3 }))).toBe(
      'new| text',
    );
  });
});

describe('kill ring', () => {
  test.each<[string, Step[], string]>([
    ['one two|', ['kill-argument-left', 'yank', 'yank'], 'one twotwo|'],
    ['one two|', ['kill-argument-left', 'kill-argument-left', 'yank'], 'one two|'],
    ['one |two\nx', ['kill-to-end', 'kill-to-end', 'yank'], 'one two\n|x'],
    ['one| two', ['kill-to-end', 'move-left', 'kill-to-start', 'yank', 'yank-pop'], ' two|e'],
    ['one| two', ['kill-to-end', 'move-left', 'kill-to-start', 'yank', 'yank-pop', 'yank-pop'], 'on|e'],
    ['one|', ['kill-to-start', 'yank', 'move-left', 'yank-pop'], 'on|e'],
    ['one|', ['kill-to-start', 'yank', 'yank-pop', 'undo'], '|'],
    ['ab|', ['yank'], 'ab|'],
  ])('%j %j', (before, steps, after) => {
    expect(edited(before, steps)).toBe(after);
  });

  test('what was killed outlives the entry, undo does not', () => {
    const killed = applyEdit(editorAt('one two|'), { type: 'kill-argument-left' });
    const next = nextEntry(killed);
    expect(shown(next)).toBe('|');
    expect(shown(applyEdit(next, { type: 'undo' }))).toBe('|');
    expect(shown(applyEdit(next, { type: 'yank' }))).toBe('two|');
  });
});

describe('undo', () => {
  test.each<[string, Step[], string]>([
    ['|', [...typed('git status'), 'undo'], 'git |'],
    ['|', [...typed('git status'), 'undo', 'undo'], '|'],
    ['|', [...typed('git status'), 'undo', 'undo', 'undo', 'redo'], 'git |'],
    ['|', [...typed('git status'), 'undo', 'redo', 'redo'], 'git status|'],
    ['|', [...typed('git '), 'undo', { insert: 'x' }, 'redo'], 'x|'],
    ['|', [{ insert: 'a' }, 'move-left', { insert: 'b' }, 'undo'], '|a'],
    ['|', [{ insert: 'a' }, { paste: 'bc' }, 'undo'], 'a|'],
    ['abc|', ['delete-left', 'delete-left', 'undo'], 'abc|'],
    ['abc def|', ['kill-argument-left', 'kill-argument-left', 'undo'], 'abc |'],
  ])('%j %j', (before, steps, after) => {
    expect(edited(before, steps)).toBe(after);
  });

  test('steps in a very large text do not pile up without bound', () => {
    let editor = applyEdit(emptyEditor, { type: 'paste', text: 'x'.repeat(1_000_000) });
    for (let count = 0; count < 40; count += 1) editor = applyEdit(editor, { type: 'new-line' });
    const units = editor.undo.past.reduce((sum, { text }) => sum + text.length, 0);
    expect(units).toBeLessThanOrEqual(16 * 1024 * 1024);
    expect(editor.undo.past.length).toBeGreaterThan(10);
  });
});

describe('history', () => {
  const history = ['git log', 'make', 'git status', 'make', 'if x\nthen y\nfi'];
  test.each<[string, Step[], string]>([
    ['|', ['up-or-older'], 'if x\nthen y\nfi|'],
    ['|', ['up-or-older', 'up-or-older'], 'if x\nth|en y\nfi'],
    ['|', ['up-or-older', 'up-or-older', 'up-or-older', 'up-or-older'], 'make|'],
    ['|', ['older-entry', 'older-entry', 'older-entry', 'older-entry'], 'git log|'],
    ['gi|x', ['up-or-older'], 'git status|'],
    ['gi|x', ['up-or-older', 'up-or-older', 'up-or-older'], 'git log|'],
    ['gi|x', ['up-or-older', 'up-or-older', 'down-or-newer', 'down-or-newer'], 'gi|x'],
    ['gi|x', ['up-or-older', { insert: '!' }, 'down-or-newer'], 'git status!|'],
    ['gi|x', ['up-or-older', { insert: '!' }, 'undo', 'undo'], 'gi|x'],
    ['gi|x', ['up-or-older', 'up-or-older', 'undo'], 'gi|x'],
    ['gi|x', ['up-or-older', 'down-or-newer', 'undo'], 'gi|x'],
    ['zzz|', ['up-or-older'], 'zzz|'],
    ['a\nb|', ['up-or-older'], 'a|\nb'],
    ['a|\nb', ['down-or-newer'], 'a\nb|'],
    ['a|', ['down-or-newer'], 'a|'],
  ])('%j %j', (before, steps, after) => {
    expect(edited(before, steps, history)).toBe(after);
  });
});

// biome-ignore format: a table
const plainCommands: Plain[] = [
  'move-left', 'move-right', 'move-word-left', 'move-word-right', 'move-line-start', 'move-line-end', 'move-text-start',
  'move-text-end', 'move-up', 'move-down', 'older-entry', 'newer-entry', 'up-or-older', 'down-or-newer', 'kill-to-start',
  'kill-to-end', 'kill-word-left', 'kill-word-right', 'kill-argument-left', 'new-line', 'delete-left', 'delete-right',
  'yank', 'yank-pop', 'transpose', 'transpose-words', 'upcase-word', 'downcase-word', 'capitalize-word', 'undo', 'redo',
  'clear',
];

const anyCommand: fc.Arbitrary<EditCommand> = fc.oneof(
  fc.constantFrom(...plainCommands).map((type): EditCommand => ({ type })),
  nastyText.map((text): EditCommand => ({ type: 'insert', text })),
  nastyText.map((text): EditCommand => ({ type: 'paste', text })),
  fc.tuple(nastyText, fc.nat(40)).map(([text, cursor]): EditCommand => ({ type: 'set-text', text, cursor })),
);

describe('whatever is done', () => {
  test('the cursor stands on a grapheme border, the text is well-formed, and undo goes back to the beginning', () => {
    fc.assert(
      fc.property(
        nastyText,
        fc.array(anyCommand, { maxLength: 40 }),
        fc.array(nastyText),
        (text, commands, history) => {
          let editor: Editor = { ...emptyEditor, buffer: createBuffer(text) };
          for (const command of commands) {
            const before = editor;
            editor = applyEdit(editor, command, history);
            expect(allBorders(editor.buffer.text)).toContain(editor.buffer.cursor);
            expect(editor.buffer.text.isWellFormed()).toBe(true);
            expect(editor.buffer.text).not.toContain('\r');
            if (command.type.startsWith('move-')) expect(editor.buffer.text).toBe(before.buffer.text);
          }
          for (let step = 0; step <= commands.length; step += 1) editor = applyEdit(editor, { type: 'undo' });
          expect(editor.buffer.text).toBe(createBuffer(text).text);
        },
      ),
      { numRuns: 500 },
    );
  });

  test('one step of undo takes back one change, one of redo brings it again', () => {
    const changes = fc.constantFrom<Plain>(
      'kill-to-end',
      'kill-word-left',
      'new-line',
      'transpose',
      'transpose-words',
      'clear',
    );
    fc.assert(
      fc.property(nastyText, fc.nat(60), changes, (text, cursor, type) => {
        const before: Editor = { ...emptyEditor, buffer: createBuffer(text, cursor) };
        const after = applyEdit(before, { type });
        fc.pre(after.buffer !== before.buffer);
        const undone = applyEdit(after, { type: 'undo' });
        expect(undone.buffer).toEqual(before.buffer);
        expect(applyEdit(undone, { type: 'redo' }).buffer).toEqual(after.buffer);
      }),
    );
  });
});
