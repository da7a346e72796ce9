import type { BlockRef } from '../effect.ts';
import type { ReplState } from '../state.ts';
import { bareName, nameOf, nameOfBlock, readName, typedName } from './command-name.ts';
import { find, remove } from './entries.ts';
import type { Entry } from './entry.ts';

/** A command whose block stands in the scrollback, ended or left behind by a `:switch`. */
export interface Ended {
  readonly number: number;
  /** The devbox's own; undefined: it does not count, or has not accepted it. */
  readonly shellNumber?: number | undefined;
  readonly shell: string;
  readonly command: string;
  /** undefined: the devbox did not take it. */
  readonly executionId: string | undefined;
  readonly stdin: boolean;
}

/** Blocks that can be asked for: enough for a session; each costs what its text costs. */
export const MOST_ENDED = 10_000;

/** A command leaves the queue; its block can be asked for by its number. */
export function endBlock(state: ReplState, number: number): ReplState {
  const entry = find(state, number);
  return entry === undefined ? state : withEnded(remove(state, number), [entry]);
}

/** Keeps what there is a block of. */
export function withEnded(state: ReplState, entries: readonly Entry[]): ReplState {
  const ended = entries.filter(({ opened }) => opened).map((entry) => asBlock(entry, state.shell.name));
  if (ended.length === 0) return state;
  return { ...state, ended: [...state.ended, ...ended].slice(-MOST_ENDED) };
}

/** What is named so; without a name the newest block. Names are stable for as long as the REPL runs. */
export function findBlock(
  state: ReplState,
  command: string,
  argument: string,
): { readonly block: Ended; readonly name: string } | { readonly problem: string } {
  const blocks = allBlocks(state);
  const found = (block: Ended) => ({ block, name: nameOfBlock(state, block) });
  if (argument === '') {
    const newest = blocks.at(-1);
    return newest === undefined ? { problem: 'Nothing has run yet in this session.' } : found(newest);
  }
  const isMeant = readName(state, argument);
  if (isMeant === undefined) {
    return { problem: `:${command} takes the number of a command, as in ":${command} 7".` };
  }
  const block = blocks.findLast(isMeant);
  if (block !== undefined) return found(block);
  const waiting = state.entries.find(isMeant);
  if (waiting !== undefined) {
    return { problem: `${nameOf(state, waiting)} has not begun: it has no output yet. See :queue.` };
  }
  return {
    problem: `There is no block ${typedName(argument)}: nothing with that number has run in this session.`,
  };
}

/** In the order in which they stand in the scrollback. */
export function allBlocks({ entries, ended, shell }: ReplState): readonly Ended[] {
  return [...ended, ...entries.filter(({ opened }) => opened).map((entry) => asBlock(entry, shell.name))];
}

/** The same, as effects ask for them. */
export function namedBlocks(state: ReplState): readonly BlockRef[] {
  return allBlocks(state).map((block) => ({
    number: block.number,
    name: nameOfBlock(state, block),
    executionId: block.executionId,
  }));
}

/** The names of the blocks, the newest first: for the completion. */
export function blockNames(state: ReplState): readonly string[] {
  return allBlocks(state)
    .map((block) => bareName(nameOfBlock(state, block)))
    .toReversed();
}

function asBlock({ number, shellNumber, command, executionId, stdin }: Entry, shell: string): Ended {
  return { number, shellNumber, shell, command, executionId, stdin: stdin !== undefined };
}
