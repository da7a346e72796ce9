import { find, remove } from './entries.ts';
import type { Entry } from './entry.ts';
import type { ReplState } from './state.ts';

/** A command whose block stands in the scrollback, ended or left behind by a `:switch`. */
export interface Ended {
  readonly number: number;
  readonly command: string;
  /** undefined: the devbox did not take it. */
  readonly executionId: string | undefined;
  readonly stdin: boolean;
}

/** Enough for a session; each costs what its text costs. */
const MOST_ENDED = 10_000;

/** A command leaves the queue; its block can be asked for by its number. */
export function endBlock(state: ReplState, number: number): ReplState {
  const entry = find(state, number);
  return entry === undefined ? state : withEnded(remove(state, number), [entry]);
}

/** Keeps what there is a block of. */
export function withEnded(state: ReplState, entries: readonly Entry[]): ReplState {
  const ended = entries
    .filter(({ opened }) => opened)
    .map(({ number, command, executionId, stdin }) => ({
      number,
      command,
      executionId,
      stdin: stdin !== undefined,
    }));
  if (ended.length === 0) return state;
  return { ...state, ended: [...state.ended, ...ended].slice(-MOST_ENDED) };
}

/**
 * What a number stands for, as it was typed: `7` or `#7`; without one the newest block. Numbers are stable for as long
 * as the REPL runs, over all of its shells.
 */
export function findBlock(
  state: ReplState,
  command: string,
  argument: string,
): { readonly block: Ended } | { readonly problem: string } {
  const running = state.entries.filter(({ opened }) => opened);
  if (argument === '') {
    const newest = running.at(-1) ?? state.ended.at(-1);
    return newest === undefined
      ? { problem: 'Nothing has run yet in this session.' }
      : { block: asBlock(newest) };
  }
  const number = readNumber(argument);
  if (number === undefined) {
    return { problem: `:${command} takes the number of a command, as in ":${command} 7".` };
  }
  const block =
    running.find((entry) => entry.number === number) ?? state.ended.findLast((one) => one.number === number);
  if (block !== undefined) return { block: asBlock(block) };
  if (state.entries.some((entry) => entry.number === number)) {
    return { problem: `#${number} has not begun: it has no output yet. See :queue.` };
  }
  return { problem: `There is no block #${number}: nothing with that number has run in this session.` };
}

/** `7`, `#7`; undefined for anything else. */
export function readNumber(argument: string): number | undefined {
  const match = /^#?(\d+)$/.exec(argument);
  return match === null ? undefined : Number(match[1]);
}

/** In the order in which they stand in the scrollback. */
export function allBlocks({ entries, ended }: ReplState): readonly Ended[] {
  return [...ended, ...entries.filter(({ opened }) => opened).map(asBlock)];
}

/** The numbers of the blocks, the newest first: for the completion. */
export function blockNumbers(state: ReplState): readonly string[] {
  return allBlocks(state)
    .map(({ number }) => String(number))
    .toReversed();
}

function asBlock({ number, command, executionId, stdin }: Entry | Ended): Ended {
  return { number, command, executionId, stdin: stdin !== undefined && stdin !== false };
}
