import { bareName, nameOf } from '../queue/command-name.ts';
import type { ColonCommand } from './command.ts';

/** The numbers of the commands that wait, for a command that takes one of them. */
export const completeWaiting: NonNullable<ColonCommand['complete']> = ([, more], state) =>
  more === undefined
    ? state.entries
        .filter(({ phase }) => phase === 'unsent' || phase === 'queued')
        .map((entry) => bareName(nameOf(state, entry)))
    : [];
