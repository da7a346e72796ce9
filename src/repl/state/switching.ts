import { nextEntry } from '../editor/editor.ts';
import { viForNextEntry } from '../editor/vi/vi.ts';
import type { ReplEvent } from './event.ts';
import { walkHistory } from './history/past.ts';
import { nameOf } from './queue/command-name.ts';
import { withEnded } from './queue/ended.ts';
import { unsent } from './queue/entries.ts';
import { holdUnsent } from './queue/hold.ts';
import { launchNext } from './queue/launch.ts';
import { prepareShell } from './queue/queue.ts';
import type { ReplState } from './state.ts';
import { andThen, print, type Step, step } from './step.ts';
import { plural } from './text/plural.ts';

/*
 * Between a `:switch` and its answer a person, or a paste, goes on: those lines are for the shell that was asked for. None is
 * sent until it is attached; when it is not, they are held, because nobody meant them for the shell that stays.
 */

/** To a shell that is there, or to one that is made: `undefined` gives it a name of its own. */
export function leaveFor(state: ReplState, name: string | undefined, wanted: 'there' | 'new'): Step {
  if (state.switching)
    return step(state, print('Another shell is being attached to: try again in a moment.', 'error'));
  const waiting = unsent(state).length;
  if (waiting > 0) {
    return step(
      state,
      print(
        `${plural(waiting, 'line')} not sent yet: wait, or drop what is held with :cancel N. See :queue.`,
        'error',
      ),
    );
  }
  return step({ ...state, switching: true }, { type: 'switch', name, wanted });
}

/** It came to nothing. @param name of the shell that was asked for */
export function staysHere(state: ReplState, name: string): ReplState {
  return holdUnsent({ ...state, switching: false }, `typed for ${name}`);
}

/** Lines typed meanwhile run there, behind what the settings do in a new one. */
export function attached(state: ReplState, event: Extract<ReplEvent, { type: 'attached' }>): Step {
  const waiting = unsent(state);
  // An edit of a command is for the shell in which that waits.
  const carried = waiting.filter(({ replaces }) => replaces === undefined);
  const dropped = waiting.filter(({ replaces }) => replaces !== undefined);
  // What was begun for a program, or as an edit, is nothing that Enter may send there.
  const isNewLine = state.inputTo === undefined && state.editing === undefined;
  const next: ReplState = {
    ...withEnded(state, state.entries),
    editor: isNewLine ? state.editor : nextEntry(state.editor),
    vi: isNewLine ? state.vi : viForNextEntry(state.vi),
    past: { ...state.past, commands: event.past, loaded: 'no' },
    search: undefined,
    completion: undefined,
    suggestion: undefined,
    shell: { name: event.name, cwd: event.cwd, pid: undefined },
    switching: false,
    bashEnded: false,
    shellGone: false,
    live: false,
    unsure: false,
    counts: event.lastNumber !== undefined,
    toldUpTo: event.lastNumber,
    missing: undefined,
    stdinNext: false,
    inputTo: undefined,
    queueFocus: undefined,
    editing: undefined,
    draft: undefined,
    entries: [],
    hold: undefined,
    partial: '',
    interruptedAt: undefined,
  };
  const attachedTo = step(
    walkHistory(next),
    ...dropped.map((entry) => print(`⊘ ${nameOf(state, entry)} was not sent: ${entry.command}`, 'dim')),
    print(`${event.created ? 'created' : 'attached to'} ${event.name}`, 'dim'),
    { type: 'refresh' },
  );
  const prepared = event.created ? andThen(attachedTo, prepareShell) : attachedTo;
  return andThen(prepared, (at) => launchNext({ ...at, entries: [...at.entries, ...carried] }));
}
