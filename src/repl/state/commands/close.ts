import type { ReplState } from '../state.ts';
import { print, type Step, step } from '../step.ts';
import { plural } from '../text/plural.ts';
import type { ColonCommand } from './command.ts';

export const close: ColonCommand = {
  name: 'close',
  argument: '[NAME]',
  help: 'end a shell, this one by default; :close! when commands still run or wait on it',
  brief: 'end a shell, this one by default',
  complete: () => 'shells',
  run: (state, argument) => end(state, argument, false),
};

/** Not in the help's list on its own: it is the second half of `:close`. */
export const closeAnyway: ColonCommand = {
  name: 'close!',
  argument: '[NAME]',
  help: 'end a shell with all that runs and waits on it',
  complete: () => 'shells',
  run: (state, argument) => end(state, argument, true),
};

function end(state: ReplState, argument: string, anyway: boolean): Step {
  const name = argument === '' ? state.shell.name : argument;
  const busy = name === state.shell.name && state.entries.length > 0;
  if (busy && !anyway) {
    return stillBusy(state, name, state.entries.length);
  }
  const closing = name === state.shell.name;
  return step({ ...state, closing }, { type: 'close-shell', name, anyway });
}

/** Of another shell the devbox knows it. */
export function stillBusy(state: ReplState, name: string, commands: number): Step {
  const told = `${plural(commands, 'command')} not done on ${name}. ":close! ${name}" ends all that with it.`;
  return step(state, print(told, 'error'));
}
