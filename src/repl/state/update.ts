import { applyEdit } from '../editor/apply-edit.ts';
import { stillBusy } from './commands/close.ts';
import { shellIsThere } from './commands/new.ts';
import { shellsListed } from './commands/shells.ts';
import { noSuchShell } from './commands/switch.ts';
import { completed, completionWaits } from './completion/completion.ts';
import { devboxNews } from './devbox-news.ts';
import type { ReplEvent } from './event.ts';
import { pastLoaded } from './history/past.ts';
import { ranElsewhere, typedHere } from './history/ran-elsewhere.ts';
import { recalled } from './history/recall.ts';
import { searchAgain, searchOn } from './history/search.ts';
import { suggestAfter, withSuggestion } from './history/suggestion.ts';
import { enterLine, onKey } from './keys/on-key.ts';
import { withViCursor } from './keys/vi-keys.ts';
import { applyNews, reported } from './news.ts';
import { nameOf } from './queue/command-name.ts';
import { unsent } from './queue/entries.ts';
import { launched, launchFailed, launchNext } from './queue/launch.ts';
import { askWhatHoldsUp, missed } from './queue/missed.ts';
import { notCancelled, prepareShell } from './queue/queue.ts';
import { keepFocus } from './queue/queue-focus.ts';
import { outputBegan, settled } from './queue/settle.ts';
import type { ReplState } from './state.ts';
import { openInput, passInput } from './stdin-mode.ts';
import { andThen, notice, print, type Step, step } from './step.ts';
import { attached, staysHere } from './switching.ts';

/** The REPL's one transition: pure, so a session is a table of events. */
export function update(state: ReplState, event: ReplEvent): Step {
  if (state.leaving) return step(state);
  return andThen(transition(state, event), (at) => passInput(state, keepFocus(state, at)));
}

function transition(state: ReplState, event: ReplEvent): Step {
  switch (event.type) {
    case 'key':
      return onKey({ ...state, now: event.now }, event.key, event.unfinished ?? false, event.more ?? false);
    case 'line':
      return enterLine({ ...state, now: event.now }, event.text);
    case 'tick':
      return andThen(ask({ ...state, now: event.now }), askWhatHoldsUp);
    case 'resized':
      return step({ ...state, columns: event.columns, rows: event.rows });
    case 'launched':
      return launched({ ...state, now: event.now }, event);
    case 'launch-failed':
      return launchFailed(state, event);
    case 'relaunch':
      return launchNext(state);
    case 'output-began':
      return outputBegan({ ...state, now: event.now }, event.number, event.now);
    case 'partial':
      return step({ ...state, partial: event.text });
    case 'settled':
      return settled({ ...state, now: event.now }, event.number, event.report, event.now);
    case 'shell-reported':
      return reported({ ...state, now: event.now }, event.report, event.now);
    case 'shell-news':
      return applyNews(state, event.news, event.now);
    case 'missed':
      return missed({ ...state, now: event.now }, event);
    case 'not-live':
      return launchNext({
        ...state,
        live: false,
        unsure: false,
        toldUpTo: Number.POSITIVE_INFINITY,
        missing: undefined,
        stdin: state.stdin === 'told' ? 'told' : 'unproven',
      });
    case 'shells-listed':
      return shellsListed(state, event.shells);
    case 'attached':
      return attached(state, event);
    case 'edited-externally':
      return editedExternally(state, event);
    case 'pager-ended':
      return step(
        { ...state, terminalLent: false },
        ...(event.problem === undefined ? [] : [print(event.problem, 'error')]),
      );
    case 'not-suspended':
      return notice(state, 'No shell to go back to: Ctrl-D detaches.');
    case 'past-loaded':
      return searchAgain(withSuggestion(pastLoaded(state, event.commands)));
    case 'recalled':
      return recalled({ ...state, now: event.now }, event.recall, event.now);
    case 'shell-commands':
      return andThen(ranElsewhere(state, event.commands), searchAgain);
    case 'typed-here':
      return searchAgain(typedHere(state, event.executionIds));
    case 'search-on':
      return searchOn(state);
    case 'completion-waits':
      return completionWaits(state, event.request);
    case 'completed':
      return andThen(completed(state, event.request, event.answer), (at) => step(suggestAfter(state, at)));
    case 'detach':
      return step({ ...state, leaving: true }, { type: 'leave', reason: 'detached' });
    case 'created':
      return prepareShell({ ...state, now: event.now });
    case 'connection':
      return connection({ ...state, now: event.now }, event);
    case 'devbox-news':
      return devboxNews({ ...state, now: event.now }, event.news);
    case 'recording':
      return step({ ...state, recording: event.isRecording });
    case 'not-cancelled':
      return notCancelled(state, event.number);
    case 'failed':
      return step(state, print(`${event.what}: ${event.message}`, 'error'));
    case 'server-restarted':
      return step(state, print(event.message, 'dim'));
    case 'restored':
      return restored(state, event.cwd, event.pid);
    case 'switch-failed':
      return step(
        staysHere(state, event.name),
        print(`Switching to ${event.name}: ${event.message}`, 'error'),
      );
    case 'no-such-shell':
      return noSuchShell(state, event.name, event.shells);
    case 'shell-is-there':
      return shellIsThere(state, event.name);
    case 'shell-busy':
      return stillBusy(state, event.name, event.commands);
    case 'shell-closed':
      return shellClosed(state, event.name, event.closed);
  }
}

/** What is not told live: all of it on some devboxes, whether a command waits for input on every one. */
function ask(state: ReplState): Step {
  const isTold = state.live && openInput(state) === undefined;
  return step(state, ...(isTold ? [] : [{ type: 'refresh' } as const]));
}

/** What came of it is looked at before it is sent: Enter does that. */
function editedExternally(
  state: ReplState,
  { text, problem }: Extract<ReplEvent, { type: 'edited-externally' }>,
): Step {
  const { editor } = state;
  const changed = text !== undefined && text !== editor.buffer.text;
  const next = changed ? applyEdit(editor, { type: 'set-text', text }) : editor;
  const told = problem === undefined ? [] : [print(problem, 'error')];
  return step(withViCursor({ ...state, editor: next, terminalLent: false }), ...told);
}

function restored(state: ReplState, cwd: string, pid: number | undefined): Step {
  const told =
    'Variables, functions, aliases, options and directory are back as they were when the shell was last idle; jobs are not.';
  return step({ ...state, bashEnded: false, shell: { ...state.shell, cwd, pid } }, print(told, 'dim'));
}

function connection(
  state: ReplState,
  { connection: told, now }: Extract<ReplEvent, { type: 'connection' }>,
): Step {
  if (told.state === 'connected') {
    const connected: ReplState = { ...state, connection: { kind: 'connected' } };
    return step(connected, ...(state.unsure ? [{ type: 'refresh' } as const] : []));
  }
  if (told.state === 'unauthorized') {
    const advice = 'What runs goes on: leave with Ctrl-D and attach again with the new RUNLOOP_API_KEY.';
    const refused: ReplState = { ...state, connection: { kind: 'unauthorized', reason: told.reason } };
    return step(refused, print(`The devbox does not take the key: ${told.reason} ${advice}`, 'error'));
  }
  return step({
    ...state,
    unsure: state.live,
    connection: { kind: 'retrying', reason: told.reason, retryAt: now + told.retryInMs },
  });
}

function shellClosed(state: ReplState, name: string, closed: boolean): Step {
  if (!closed)
    return step(state, print(`There is no shell ${name}, so nothing was closed. See :shells.`, 'error'));
  const told = print(`closed ${name}`, 'dim');
  if (name !== state.shell.name) return step(state, told);
  const lost = unsent(state);
  const dropped = lost.map((entry) =>
    print(`⊘ ${nameOf(state, entry)} was not sent: ${entry.command}`, 'dim'),
  );
  return step({ ...state, leaving: true }, ...dropped, told, { type: 'leave', reason: 'closed' });
}
