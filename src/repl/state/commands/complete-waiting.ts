import type { ColonCommand } from './command.ts';

/** The numbers of the commands that wait, for a command that takes one of them. */
export const completeWaiting: NonNullable<ColonCommand['complete']> = ([, more], { entries }) =>
  more === undefined
    ? entries
        .filter(({ phase }) => phase === 'unsent' || phase === 'queued')
        .map(({ number }) => String(number))
    : [];
