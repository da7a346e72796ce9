import { plural } from '../plural.ts';
import { print, step } from '../step.ts';
import type { ColonCommand } from './command.ts';

export const close: ColonCommand = {
  name: 'close',
  argument: '[NAME]',
  help: 'end a shell, this one by default; :close! when commands still run or wait on this one',
  run: (state, argument) => end(state, argument, false),
};

/** Not in the help's list on its own: it is the second half of `:close`. */
export const closeAnyway: ColonCommand = {
  name: 'close!',
  argument: '[NAME]',
  help: 'end a shell with all that runs and waits on it',
  run: (state, argument) => end(state, argument, true),
};

function end(state: Parameters<ColonCommand['run']>[0], argument: string, anyway: boolean) {
  const name = argument === '' ? state.shell.name : argument;
  const busy = name === state.shell.name && state.entries.length > 0;
  if (busy && !anyway) {
    return step(
      state,
      print(
        `${plural(state.entries.length, 'command')} not done on ${name}. ":close! ${name}" ends all that with it.`,
        'error',
      ),
    );
  }
  return step(state, { type: 'close-shell', name });
}
