import { applyEdit } from '../../editor/apply-edit.ts';
import type { EditCommand } from '../../editor/edit-command.ts';
import { type Editor, emptyEditor } from '../../editor/editor.ts';
import { type HistoryScan, scanOn, startScan } from '../../editor/history-scan.ts';
import type { KeyEvent } from '../../editor/key-event.ts';
import type { HistoryScope, PastCommand } from '../../editor/past-command.ts';
import { meaningOf } from '../keys/key-lookup.ts';
import type { ReplState } from '../state.ts';
import { notice, type Step, step } from '../step.ts';
import { type SearchCommand, searchMeaningOf } from './search-keymap.ts';

/** The search through the history. The line that was edited waits in `state.editor`, untouched. */
export interface HistorySearch {
  readonly query: Editor;
  readonly scan: HistoryScan;
  /** Index into the matches. */
  readonly selected: number;
  /** The next step of the scan is asked for. */
  readonly asked: boolean;
}

/** A longer line is no search but a text that one wants to keep. */
const LONGEST_QUERY = 200;

const SCOPES: readonly HistoryScope[] = ['shell', 'devbox', 'all'];

/** What stands in the line is searched for at once. */
export function openSearch(state: ReplState): Step {
  const { text } = state.editor.buffer;
  const fits = text.length <= LONGEST_QUERY && !text.includes('\n');
  const empty = { ...emptyEditor, killRing: state.editor.killRing };
  const query = fits && text !== '' ? applyEdit(empty, { type: 'set-text', text }) : empty;
  return search(state, query, state.settings.history);
}

export function selectedMatch({ search: at }: ReplState): PastCommand | undefined {
  return at?.scan.matches[at.selected];
}

/** The text that Enter would send: what is edited, or the match of the search. */
export function enteredText(state: ReplState): string {
  return state.search === undefined ? state.editor.buffer.text : (selectedMatch(state)?.command ?? '');
}

/** After the keys that came meanwhile, the scan goes on. */
export function searchOn(state: ReplState): Step {
  const { search: at } = state;
  if (at === undefined) return step(state);
  if (at.scan.done) return step({ ...state, search: { ...at, asked: false } });
  return withScan(state, { ...at, asked: false, scan: scanOn(state.past.commands, at.scan) });
}

/** The history was read: it is searched from anew, and the match that was selected stays so where it is found soon. */
export function searchAgain(state: ReplState): Step {
  const { search: at } = state;
  if (at === undefined) return step(state);
  const selected = selectedMatch(state);
  const again = search(state, at.query, at.scan.scope);
  const found = again.state.search?.scan.matches.findIndex(({ command }) => command === selected?.command);
  return { ...again, state: select(again.state, found ?? 0) };
}

/**
 * A key while the history is searched.
 *
 * @returns undefined when it means what it always does; `submit`: the match is in the line, and to be sent.
 */
export function onSearchKey(
  state: ReplState,
  key: KeyEvent,
): { readonly step: Step; readonly submit?: true } | undefined {
  const { search: at } = state;
  if (at === undefined) return undefined;
  if (key.type === 'text' || key.type === 'paste') return { step: type(state, at, key.text) };
  if (key.type !== 'key') return undefined;
  const command = searchMeaningOf(key);
  if (command === 'run') {
    const taken = take(state);
    return taken.state.search === undefined ? { step: taken, submit: true } : { step: taken };
  }
  const { text, cursor } = at.query.buffer;
  // Inside the query the arrow moves in it.
  if (command !== undefined && (command !== 'take' || cursor === text.length)) {
    return { step: act(state, at, command) };
  }
  const meaning = meaningOf(key);
  if (meaning === undefined) {
    const typed = !key.ctrl && !key.alt ? key.text : undefined;
    return { step: typed === undefined ? step(state) : type(state, at, typed) };
  }
  if (meaning.do === 'edit') return { step: edit(state, at, meaning.edit) };
  if (meaning.do === 'detach-or-delete') return { step: edit(state, at, { type: 'delete-right' }) };
  return meaning.do === 'wait' || meaning.do === 'edit-externally' ? { step: step(state) } : undefined;
}

function act(state: ReplState, at: HistorySearch, command: Exclude<SearchCommand, 'run'>): Step {
  switch (command) {
    case 'older-match':
      return step(select(state, at.selected + 1));
    case 'newer-match':
      return step(select(state, at.selected - 1));
    case 'next-scope': {
      const next = SCOPES[(SCOPES.indexOf(at.scan.scope) + 1) % SCOPES.length];
      return search(state, at.query, next ?? 'shell');
    }
    case 'take':
      return take(state);
    case 'give-back':
      return step({ ...state, search: undefined });
  }
}

/** The match becomes the text of the line; undo gives back what was there. */
function take(state: ReplState): Step {
  const match = selectedMatch(state);
  if (match === undefined)
    return notice(state, 'Nothing matches: Tab looks further, Esc gives the line back.');
  const editor = applyEdit(state.editor, { type: 'set-text', text: match.command });
  return step({ ...state, editor, search: undefined, leaveConfirmed: false });
}

function type(state: ReplState, at: HistorySearch, text: string): Step {
  return edit(state, at, { type: 'insert', text: text.replace(/\s+/g, ' ') });
}

function edit(state: ReplState, at: HistorySearch, command: EditCommand): Step {
  if (command.type === 'new-line') return step(state);
  const query = applyEdit(at.query, command);
  if (query.buffer.text !== at.query.buffer.text) return search(state, query, at.scan.scope);
  return step({ ...state, search: { ...at, query } });
}

function search(state: ReplState, query: Editor, scope: HistoryScope): Step {
  const here = { devbox: state.past.devbox, shell: state.shell.name };
  const scan = startScan(state.past.commands, { text: query.buffer.text, scope, here });
  return withScan(state, { query, scan, selected: 0, asked: state.search?.asked ?? false });
}

function withScan(state: ReplState, at: HistorySearch): Step {
  if (at.scan.done || at.asked) return step({ ...state, search: at });
  return step({ ...state, search: { ...at, asked: true } }, { type: 'search-on' });
}

function select(state: ReplState, wanted: number): ReplState {
  const { search: at } = state;
  if (at === undefined) return state;
  const selected = Math.max(0, Math.min(wanted, at.scan.matches.length - 1));
  return { ...state, search: { ...at, selected } };
}
