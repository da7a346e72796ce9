import { applyEdit } from '../../editor/apply-edit.ts';
import type { EditCommand } from '../../editor/edit-command.ts';
import { borderFrom } from '../../editor/graphemes.ts';
import { suggest } from '../../editor/suggestion.ts';
import { wordEndRight } from '../../editor/words.ts';
import type { ReplState } from '../state.ts';

/** A longer text is not one that is typed again, UTF-16 units. */
const LONGEST_TYPED = 500;

/** What would complete the line, shown dim behind the cursor; empty while there is nothing to show. */
export function shownSuggestion({ suggestion, editor, search, inputTo, completion }: ReplState): string {
  const { text, cursor } = editor.buffer;
  if (
    suggestion === undefined ||
    search !== undefined ||
    inputTo !== undefined ||
    completion?.phase === 'menu' ||
    editor.browsing !== undefined
  )
    return '';
  return cursor === text.length && text !== '' && suggestion.startsWith(text)
    ? suggestion.slice(text.length)
    : '';
}

/** Looks for what fits the line now. What was offered is kept as long as what is typed goes along with it. */
export function withSuggestion(state: ReplState): ReplState {
  const { editor, suggestion, settings, past, shell } = state;
  const { text } = editor.buffer;
  const wanted =
    settings.suggestions === 'on' &&
    text.trim() !== '' &&
    !text.startsWith(' ') &&
    text.length <= LONGEST_TYPED;
  if (!wanted) return suggestion === undefined ? state : { ...state, suggestion: undefined };
  const { devbox, commands } = past;
  return { ...state, suggestion: suggest(commands, text, { devbox, shell: shell.name, cwd: shell.cwd }) };
}

/** After an edit. */
export function suggestAfter(before: ReplState, state: ReplState): ReplState {
  const { text } = state.editor.buffer;
  const earlier = before.editor.buffer.text;
  if (text === earlier && before.settings === state.settings) return state;
  const goesAlong = text.length > earlier.length && earlier !== '' && shownSuggestion(state) !== '';
  return goesAlong ? state : withSuggestion(state);
}

/**
 * Going forward at the end of the line takes the suggestion, or a word of it.
 *
 * @returns undefined when the command does what it always does
 */
export function takeSuggestion(state: ReplState, command: EditCommand): ReplState | undefined {
  const ghost = shownSuggestion(state);
  if (ghost === '') return undefined;
  switch (command.type) {
    case 'move-right':
    case 'move-line-end':
      return insert(state, ghost);
    case 'move-word-right':
      return insert(state, ghost.slice(0, borderFrom(ghost, wordEndRight(ghost, 0))));
    default:
      return undefined;
  }
}

/** A step of undo of its own. */
function insert(state: ReplState, text: string): ReplState {
  return { ...state, editor: applyEdit(state.editor, { type: 'paste', text }), leaveConfirmed: false };
}
