import { applyEdit } from '../apply-edit.ts';
import { insertText, moveTo, replaceRange } from '../edit-buffer.ts';
import { type Editor, withChange, withCursor } from '../editor.ts';
import { nextBorder, previousBorder } from '../graphemes.ts';
import { lineEnd, lineStart } from '../lines.ts';
import { enterInsert, leaveInsert, ontoCharacter, type Vi } from './vi.ts';
import { parseViCommand, type ViCommand } from './vi-command.ts';
import { type Find, firstNonBlank, viTarget } from './vi-motions.ts';
import { operate, put } from './vi-operators.ts';

export interface ViStep {
  readonly editor: Editor;
  readonly vi: Vi;
  /** What is not the editor's to do. */
  readonly action?: 'search-history' | 'edit-externally';
}

/**
 * A key of normal mode. Keys that begin no command are dropped, as vi does.
 *
 * @param key one character.
 * @param history as in applyEdit.
 */
export function runViKey(editor: Editor, vi: Vi, key: string, history: readonly string[] = []): ViStep {
  const keys = [...vi.keys, key];
  const command = parseViCommand(keys);
  if (command === 'incomplete') return { editor, vi: { ...vi, keys } };
  const ready = { ...vi, keys: [] };
  if (command === 'unknown') return { editor, vi: ready };
  const done = runCommand(editor, ready, command, history);
  return done.vi.mode === 'normal' ? { ...done, editor: ontoCharacter(done.editor) } : done;
}

/** Commands that are short for an operator and a motion. */
const SHORT: Readonly<Record<string, Pick<ViCommand, 'operator' | 'name'>>> = {
  x: { operator: 'd', name: 'l' },
  X: { operator: 'd', name: 'h' },
  D: { operator: 'd', name: '$' },
  s: { operator: 'c', name: 'l' },
  S: { operator: 'c', name: 'line' },
  C: { operator: 'c', name: '$' },
  Y: { operator: 'y', name: 'line' },
};

function runCommand(editor: Editor, vi: Vi, typed: ViCommand, history: readonly string[]): ViStep {
  const short = typed.operator === undefined ? SHORT[typed.name] : undefined;
  const command = { ...typed, ...short };
  if (command.operator !== undefined) return runOperator(editor, vi, command);
  switch (command.name) {
    case '.':
      return repeatChange(editor, vi, command, history);
    case '/':
    case '?':
      return { editor, vi, action: 'search-history' };
    case 'v':
      return { editor, vi, action: 'edit-externally' };
    case 'j':
    case 'k': {
      const type = command.name === 'j' ? 'down-or-newer' : 'up-or-older';
      return { editor: times(command.count, editor, (at) => applyEdit(at, { type }, history)), vi };
    }
    case 'u':
    case 'U': {
      const type = command.name === 'u' ? 'undo' : 'redo';
      return { editor: times(command.count, editor, (at) => applyEdit(at, { type })), vi };
    }
    case 'p':
    case 'P':
      return changed(
        editor,
        vi,
        command,
        put(editor, command.name === 'p' ? 'behind' : 'before', command.count),
      );
    case 'r':
      return changed(editor, vi, command, replaceCharacters(editor, command));
    case '~':
      return changed(editor, vi, command, toggleCase(editor, command.count));
    case 'J':
      return changed(editor, vi, command, times(Math.max(1, command.count - 1), editor, joinLine));
    default:
      return beginInsert(editor, vi, command) ?? move(editor, vi, command);
  }
}

function changed(before: Editor, vi: Vi, command: ViCommand, after: Editor): ViStep {
  if (after.buffer.text === before.buffer.text) return { editor: after, vi };
  return { editor: after, vi: { ...vi, lastChange: { command, edits: [] } } };
}

function move(editor: Editor, vi: Vi, command: ViCommand): ViStep {
  const target = viTarget(editor.buffer, command, vi.lastFind);
  const found = withFind(vi, command);
  if (target === undefined) return { editor, vi: found };
  return { editor: withCursor(editor, moveTo(editor.buffer, target.index)), vi: found };
}

function runOperator(editor: Editor, vi: Vi, command: ViCommand): ViStep {
  const { operator = 'd' } = command;
  const target = viTarget(editor.buffer, command, vi.lastFind);
  const found = withFind(vi, command);
  if (target === undefined) return { editor, vi: found };
  const after = operate(editor, operator, target);
  if (operator === 'y') return { editor: after, vi: found };
  if (operator === 'c') return { editor: after, vi: enterInsert(found, command, editor) };
  return changed(editor, found, command, after);
}

function withFind(vi: Vi, { name, argument }: ViCommand): Vi {
  if (argument === undefined || !'fFtT'.includes(name)) return vi;
  return { ...vi, lastFind: { key: name as Find['key'], character: argument } };
}

/** The commands that begin insert mode at another place. */
function beginInsert(editor: Editor, vi: Vi, command: ViCommand): ViStep | undefined {
  const { buffer } = editor;
  const { text, cursor } = buffer;
  const at = (index: number): ViStep => ({
    editor: withCursor(editor, moveTo(buffer, index)),
    vi: enterInsert(vi, command, editor),
  });
  const onNewLine = (index: number, cursorAt: number): ViStep => ({
    editor: withChange(editor, moveTo(insertText(moveTo(buffer, index), '\n'), cursorAt)),
    vi: enterInsert(vi, command, editor),
  });
  const end = lineEnd(text, cursor);
  const start = lineStart(text, cursor);
  switch (command.name) {
    case 'i':
      return at(cursor);
    case 'a':
      return at(Math.min(end, nextBorder(text, cursor)));
    case 'I':
      return at(firstNonBlank(text, cursor));
    case 'A':
      return at(end);
    case 'o':
      return onNewLine(end, end + 1);
    case 'O':
      return onNewLine(start, start);
    default:
      return undefined;
  }
}

function replaceCharacters(editor: Editor, { count, argument = '' }: ViCommand): Editor {
  const { buffer } = editor;
  const { text, cursor } = buffer;
  const end = charactersEnd(text, cursor, count);
  if (end === undefined) return editor;
  const replaced = replaceRange(buffer, cursor, end, argument.repeat(count));
  return withChange(editor, moveTo(replaced, previousBorder(replaced.text, replaced.cursor)));
}

function toggleCase(editor: Editor, count: number): Editor {
  const { buffer } = editor;
  const { text, cursor } = buffer;
  let end = cursor;
  for (let done = 0; done < count && end < lineEnd(text, cursor); done += 1) end = nextBorder(text, end);
  if (end === cursor) return editor;
  const toggled = [...text.slice(cursor, end)].map((character) =>
    character === character.toUpperCase() ? character.toLowerCase() : character.toUpperCase(),
  );
  return withChange(editor, replaceRange(buffer, cursor, end, toggled.join('')));
}

/** The end of so many characters in the line; undefined when it has fewer. */
function charactersEnd(text: string, cursor: number, count: number): number | undefined {
  let end = cursor;
  for (let done = 0; done < count; done += 1) {
    if (end >= lineEnd(text, cursor)) return undefined;
    end = nextBorder(text, end);
  }
  return end;
}

/** The next line is joined to this one, with a blank in between when there is something on both sides. */
function joinLine(editor: Editor): Editor {
  const { buffer } = editor;
  const { text, cursor } = buffer;
  const end = lineEnd(text, cursor);
  if (end === text.length) return editor;
  const next = firstNonBlank(text, end + 1);
  const blank =
    end > lineStart(text, cursor) && !/\s/.test(text[end - 1] ?? '') && next < lineEnd(text, end + 1);
  const joined = replaceRange(buffer, end, next, blank ? ' ' : '');
  return withChange(editor, moveTo(joined, end));
}

function repeatChange(
  editor: Editor,
  vi: Vi,
  { count, counted }: ViCommand,
  history: readonly string[],
): ViStep {
  const { lastChange } = vi;
  if (lastChange === undefined) return { editor, vi };
  const command = counted ? { ...lastChange.command, count, counted } : lastChange.command;
  const begun = runCommand(editor, vi, command, history);
  if (begun.vi.mode === 'normal') return begun;
  const { edits } = lastChange;
  const typed = edits.reduce((at, edit) => applyEdit(at, edit, history), begun.editor);
  return leaveInsert(typed, { ...begun.vi, typing: { ...begun.vi.typing, edits } });
}

function times(count: number, editor: Editor, once: (editor: Editor) => Editor): Editor {
  let at = editor;
  for (let done = 0; done < count; done += 1) {
    const next = once(at);
    if (next === at) break;
    at = next;
  }
  return at;
}
