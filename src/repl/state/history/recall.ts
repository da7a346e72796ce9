import type { ShellReport } from '../event.ts';
import type { ExitReport } from '../exit-report.ts';
import { nameOf } from '../queue/command-name.ts';
import { withEnded } from '../queue/ended.ts';
import { numbered, place } from '../queue/entries.ts';
import type { Entry } from '../queue/entry.ts';
import { advance } from '../queue/turn.ts';
import type { ReplState } from '../state.ts';
import { andThen, print, type Step, step } from '../step.ts';
import { ageText } from './search-rows.ts';

/** A command that had ended before this REPL came. */
export interface RecalledBlock {
  /** undefined: the devbox does not tell it. */
  readonly executionId: string | undefined;
  /** Its number in the shell; undefined: the devbox does not count. */
  readonly shellNumber: number | undefined;
  readonly command: string;
  /** Unix time, ms; undefined: not told. */
  readonly endedAt: number | undefined;
  readonly report: ExitReport;
  /** The last lines of what it printed; undefined: it is not held any more. */
  readonly output: RecalledOutput | undefined;
}

export interface RecalledOutput {
  readonly stdout: string;
  readonly stderr: string;
  /** There is more before these lines. */
  readonly cut: boolean;
}

/** What was there before the REPL attached. */
export interface Recall {
  /** Oldest first. */
  readonly blocks: readonly RecalledBlock[];
  /** What runs and waits, where the devbox does not tell it by itself. */
  readonly queue: ShellReport['queue'];
  /** What could not be known, for people; undefined: nothing. */
  readonly unknown: string | undefined;
}

/** The last commands come up as if one had been there, then what runs, with its output from the start, and what waits. */
export function recalled(state: ReplState, { blocks, queue, unknown }: Recall, now: number): Step {
  const shown = blocks.reduce(
    (before, block) => andThen(before, (at) => recallBlock(at, block, now)),
    step({ ...state, ...beginsBehind(state, blocks) }),
  );
  const told = unknown === undefined ? [] : [print(unknown, 'dim')];
  return andThen(
    andThen(shown, (at) => step(queue.reduce(addQueued, at), ...told)),
    advance,
  );
}

/** What has ended since the past was read is not told by the news, and is asked for. */
function beginsBehind({ counts, live }: ReplState, blocks: Recall['blocks']): Partial<ReplState> {
  if (!counts || live) return {};
  return { toldUpTo: Math.max(0, ...blocks.map(({ shellNumber = 0 }) => shellNumber)) };
}

function recallBlock(state: ReplState, block: RecalledBlock, now: number): Step {
  const { executionId, shellNumber, command, endedAt } = block;
  const entry: Entry = {
    number: state.nextNumber,
    command,
    origin: 'elsewhere',
    phase: 'running',
    ...(executionId === undefined ? {} : { executionId }),
    ...(shellNumber === undefined ? {} : { shellNumber }),
    followed: true,
    opened: true,
  };
  const numberedOn = { ...withEnded(state, [entry]), nextNumber: state.nextNumber + 1 };
  const shownEnds = executionId === undefined ? state.shownEnds : [...state.shownEnds, executionId];
  const ago = endedAt === undefined ? 'earlier' : agoText(now - endedAt);
  return step(
    { ...numberedOn, shownEnds },
    {
      type: 'recall-block',
      number: entry.number,
      name: nameOf(state, entry),
      block,
      ago,
    },
  );
}

function agoText(ms: number): string {
  const age = ageText(ms);
  return age === 'now' ? 'just now' : `${age} ago`;
}

function addQueued(state: ReplState, item: ShellReport['queue'][number]): ReplState {
  const { executionId, status } = item;
  if (state.shownEnds.includes(executionId)) return state;
  if (state.entries.some((entry) => entry.executionId === executionId)) return state;
  const { state: at, entry } = numbered(state, item);
  return place(at, { ...entry, phase: status });
}
