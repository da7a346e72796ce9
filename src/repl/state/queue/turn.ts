import type { ReplState } from '../state.ts';
import { andThen, type Step, step } from '../step.ts';
import { nameOf } from './command-name.ts';
import { change, find, head, shellNumberOf } from './entries.ts';
import { type Entry, isOnDevbox } from './entry.ts';

/**
 * Whose turn it is in the scrollback: the first command that is on the devbox. Its block opens when it runs, and its
 * end is awaited. What runs behind it waits: the scrollback has the commands in the order of the shell, whoever sent them.
 */
export function advance(state: ReplState): Step {
  const first = head(state);
  if (first === undefined || !isOnDevbox(first)) return step(state);
  const opens = first.phase === 'running' && heldUpBy(state) === undefined;
  return andThen(opens ? open(state, first) : step(state), (at) => follow(at, [first]));
}

/**
 * Why the block of the first command may not open yet: its own launch is not answered; or one with a smaller number may still
 * be told of, because news were cut, or because an answer has overtaken them. Numbers have no gaps, so that is known.
 */
export function heldUpBy(state: ReplState): 'launch' | 'missing' | 'news' | undefined {
  const first = head(state);
  if (first === undefined || first.opened || first.fixed) return undefined;
  if (!isOnDevbox(first)) return 'launch';
  const number = shellNumberOf(first);
  if (number === undefined) return undefined;
  if (state.missing !== undefined && number > state.missing.after) return 'missing';
  return number > (state.toldUpTo ?? 0) ? 'news' : undefined;
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
    name: nameOf(state, entry),
    command: entry.command,
    elsewhere: entry.origin === 'elsewhere',
  });
}
