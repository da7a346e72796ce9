import { change, find, head } from './entries.ts';
import type { Entry } from './entry.ts';
import type { ReplState } from './state.ts';
import { andThen, type Step, step } from './step.ts';

/**
 * Whose turn it is in the scrollback: the first command that is on the devbox. Its block opens when it runs, and its
 * end is awaited. What runs behind it waits: the scrollback has the commands in the order of the shell, whoever sent them.
 */
export function advance(state: ReplState): Step {
  const first = head(state);
  if (first === undefined) return step(state);
  return andThen(first.phase === 'running' ? open(state, first) : step(state), (at) => follow(at, [first]));
}

export function follow(state: ReplState, entries: readonly Entry[]): Step {
  return entries.reduce(
    (before, { number }) =>
      andThen(before, (at) => {
        const entry = find(at, number);
        if (entry === undefined || entry.followed) return step(at);
        return step(change(at, number, { followed: true }), {
          type: 'follow',
          number,
          executionId: entry.executionId ?? '',
        });
      }),
    step(state),
  );
}

export function open(state: ReplState, { number }: Entry): Step {
  const entry = find(state, number);
  if (entry === undefined || entry.opened) return step(state);
  return step(change(state, number, { opened: true }), {
    type: 'open-block',
    number,
    command: entry.command,
    elsewhere: entry.origin === 'elsewhere',
  });
}
