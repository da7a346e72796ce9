import { applyEdit } from '../../editor/apply-edit.ts';
import type { Candidate } from '../../editor/completion/candidate.ts';
import {
  type CompspecPlaces,
  compspecPlaces,
  placeCompspec,
} from '../../editor/completion/compspec-place.ts';
import {
  type CompletionPlace,
  insertCandidate,
  insertPrefix,
  type Replacement,
} from '../../editor/completion/insert-completion.ts';
import { type CompletedWord, wordAtCursor } from '../../editor/completion/word-at-cursor.ts';
import type { KeyEvent } from '../../editor/key-event.ts';
import { isColonCommand } from '../commands/colon-line.ts';
import type { CompletionAnswer } from '../event.ts';
import { meaningOf } from '../keys/key-lookup.ts';
import type { ReplState } from '../state.ts';
import { notice, type Step, step } from '../step.ts';
import { completeColon } from './complete-colon.ts';
import { type MenuCommand, menuMeaningOf } from './completion-keymap.ts';
import type { CompletionQuery } from './completion-query.ts';
import { menuColumns } from './completion-rows.ts';

/** What became of a Tab. The line is not changed while it is there, but by what it puts in. */
export type Completion =
  /** The devbox is asked. `again`: Tab was pressed once more, so a menu is wanted. `waits`: how long it takes, counted. */
  | {
      readonly phase: 'asked';
      readonly place: CompletionPlace;
      /** Where what a completion function tells goes. */
      readonly compspec: CompspecPlaces | undefined;
      readonly again: boolean;
      readonly waits: number;
    }
  /** Several fit; the next Tab shows them. */
  | ({ readonly phase: 'several' } & Several)
  | ({ readonly phase: 'menu'; readonly selected: number } & Several);

interface Several {
  readonly place: CompletionPlace;
  readonly candidates: readonly Candidate[];
  /** There are others that are not told. */
  readonly more: boolean;
}

/** A longer text is not looked through for the word at its end, UTF-16 units. */
const LONGEST_TEXT = 100_000;

/** Tab, with nothing under way. */
export function complete(state: ReplState): Step {
  const { text, cursor } = state.editor.buffer;
  if (text.slice(0, cursor).trim() === '') {
    return notice(state, 'Type a little, then Tab completes it: a command, a path, a $variable, a :command.');
  }
  if (isColonCommand(text) && cursor > 0) {
    const { place, candidates } = completeColon(state);
    if (candidates === 'shells') return ask(state, place, { type: 'shells', base: place.base });
    return offer(state, place, { candidates, more: false });
  }
  const word = text.length > LONGEST_TEXT ? undefined : wordAtCursor(text, cursor);
  if (word === undefined) return notice(state, 'Nothing can be completed here.');
  const compspec = compspecPlaces(text, cursor, word);
  return ask(state, placeOf(word, cursor), queryOf(word, compspec, state), compspec);
}

function placeOf({ kind, from, mode, base, braced }: CompletedWord, cursor: number): CompletionPlace {
  const ending = kind === 'variable' ? (braced ? 'brace' : 'none') : 'space';
  return { from, cursor, mode, base, ending };
}

function queryOf(
  { kind, base, directory }: CompletedWord,
  compspec: CompspecPlaces | undefined,
  state: ReplState,
): CompletionQuery {
  const { shell, settings, entries } = state;
  const where = { cwd: shell.cwd, mayAskShell: settings['ask-directory'] === 'on' && entries.length === 0 };
  if (kind === 'variable' || kind === 'user') return { type: kind, base, ...where };
  if (kind === 'command' && directory.length === 0) return { type: 'command', base, ...where };
  return {
    type: 'path',
    base,
    directory,
    executables: kind === 'command',
    compspec: compspec?.query,
    ...where,
  };
}

function ask(
  state: ReplState,
  place: CompletionPlace,
  query: CompletionQuery,
  compspec?: CompspecPlaces,
): Step {
  const request = state.completionsAsked + 1;
  return step(
    {
      ...state,
      completionsAsked: request,
      completion: { phase: 'asked', place, compspec, again: false, waits: 0 },
    },
    { type: 'complete', request, query },
  );
}

export function completionWaits(state: ReplState, request: number): Step {
  const { completion } = state;
  if (completion?.phase !== 'asked' || request !== state.completionsAsked) return step(state);
  return step({ ...state, completion: { ...completion, waits: completion.waits + 1 } });
}

/** The answer of the devbox; one that nobody waits for any more is passed over. */
export function completed(state: ReplState, request: number, answer: CompletionAnswer): Step {
  const { completion } = state;
  if (completion?.phase !== 'asked' || request !== state.completionsAsked) return step(state);
  const { place, compspec, again } = completion;
  const at: ReplState = { ...state, completion: undefined };
  if ('problem' in answer) return notice(at, answer.problem);
  const placed = compspec === undefined ? { place, ...answer } : placeCompspec(answer, compspec, place);
  return offer(at, placed.place, placed, again);
}

function offer(
  state: ReplState,
  place: CompletionPlace,
  { candidates, more }: { readonly candidates: readonly Candidate[]; readonly more: boolean },
  menuWanted = false,
): Step {
  const { text } = state.editor.buffer;
  const [only, second] = candidates;
  if (only === undefined) return notice(state, 'Nothing fits.');
  if (second === undefined && !more) {
    const whole = replace(state, insertCandidate(text, place, only));
    // Two quick presses in a path: the second is meant for what the directory holds.
    return menuWanted && only.kind === 'directory' ? complete(whole) : step(whole);
  }
  const longer = insertPrefix(place, candidates);
  const at = longer === undefined ? state : replace(state, longer);
  const { cursor } = at.editor.buffer;
  const several: Several = { place: { ...place, cursor }, candidates, more };
  // Where there is nothing to put in, the first Tab is as good as the second.
  const shown = menuWanted || longer === undefined;
  return step({
    ...at,
    completion: shown ? { phase: 'menu', selected: 0, ...several } : { phase: 'several', ...several },
  });
}

/**
 * A key while a completion is under way. Every one that is not about it ends it.
 *
 * @returns what is done about it; `over`: the key is still to do what it always does
 */
export function onCompletionKey(state: ReplState, key: KeyEvent): Step & { readonly over: boolean } {
  const { completion } = state;
  if (completion === undefined) return { ...step(state), over: true };
  const command = key.type === 'key' ? menuMeaningOf(key) : undefined;
  if (completion.phase === 'menu' && command !== undefined) {
    return { ...inMenu(state, completion, command), over: false };
  }
  const tab = key.type === 'key' && meaningOf(key)?.do === 'complete';
  if (tab && completion.phase === 'asked') {
    return { ...step({ ...state, completion: { ...completion, again: true } }), over: false };
  }
  if (tab && completion.phase === 'several') {
    return { ...step({ ...state, completion: { ...completion, phase: 'menu', selected: 0 } }), over: false };
  }
  const left = { ...state, completion: undefined };
  if (completion.phase !== 'asked') return { ...step(left), over: true };
  return { ...step(left, { type: 'cancel-completion' }), over: command !== 'leave' };
}

type Menu = Extract<Completion, { phase: 'menu' }>;

function inMenu(state: ReplState, menu: Menu, command: MenuCommand): Step {
  const { candidates, selected, place } = menu;
  const count = candidates.length;
  const columns = menuColumns(candidates, state.columns);
  const select = (wanted: number) => step({ ...state, completion: { ...menu, selected: wanted } });
  const within = (wanted: number) => (wanted < 0 || wanted >= count ? step(state) : select(wanted));
  switch (command) {
    case 'next':
      return select((selected + 1) % count);
    case 'previous':
      return select((selected + count - 1) % count);
    case 'left':
      return within(selected - 1);
    case 'right':
      return within(selected + 1);
    case 'up':
      return within(selected - columns);
    case 'down':
      return within(selected + columns);
    case 'leave':
      return step({ ...state, completion: undefined });
    case 'take': {
      const taken = candidates[selected];
      const at = { ...state, completion: undefined };
      if (taken === undefined) return step(at);
      return step(replace(at, insertCandidate(state.editor.buffer.text, place, taken)));
    }
  }
}

/** A step of undo of its own. */
function replace(state: ReplState, { from, to, text: inserted }: Replacement): ReplState {
  const { text } = state.editor.buffer;
  const whole = text.slice(0, from) + inserted + text.slice(to);
  const editor = applyEdit(state.editor, {
    type: 'set-text',
    text: whole,
    cursor: from + inserted.length,
  });
  return { ...state, editor, completion: undefined, leaveConfirmed: false };
}
