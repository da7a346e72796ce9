import type { ExitReport } from './exit-report.ts';

/** Where a command stands between the keys and its end. Finished ones leave the state: they are scrollback. */
export type Phase =
  /** On this side only: nobody else knows of it yet. */
  | 'unsent'
  /** Its launch is on the way; at most one entry at a time. */
  | 'launching'
  /** Waits in the devbox's queue. */
  | 'queued'
  | 'running';

/** A piece of what was typed for a command, or the end of it. */
export type InputPart = { readonly text: string } | 'end';

/** What the devbox told of a command whose launch is not answered yet. */
export interface Told {
  readonly executionId: string;
  /** Unix time, ms; undefined while it waits. */
  readonly startedAt?: number;
  readonly ended?: true;
}

export interface Entry {
  /** Stable for as long as the REPL runs: `:cancel 7` means the same command now and later. */
  readonly number: number;
  readonly command: string;
  /** `elsewhere`: another client of this shell sent it, or an earlier REPL. */
  readonly origin: 'here' | 'elsewhere';
  readonly phase: Phase;
  /** How the history keeps it: as it was typed, and when, Unix time in ms. Unset for what it does not keep. */
  readonly remembered?: { readonly command: string; readonly typedAt: number };
  /** It is an edit of that command, which waited on the devbox: it is sent when that one is known to be cancelled. */
  readonly replaces?: number;
  /** When its launch went out: Unix time, ms. */
  readonly sentAt?: number;
  /** Its edit, which is sent when this one is known to be cancelled. */
  readonly replacedBy?: number;
  /** Known once launched. */
  readonly executionId?: string;
  /** Unix time, ms. */
  readonly startedAt?: number;
  /** Its result is awaited, so its end will be told. */
  readonly followed: boolean;
  /** It has ended on the devbox; its output is still on the way. */
  readonly draining?: boolean;
  /** How it ended, when what stands before it is still being shown: the scrollback has the order of the shell. */
  readonly report?: ExitReport;
  /** The devbox has told of it in its order: others' commands that are told later stand behind it. */
  readonly placed?: true;
  /** While it is on its way: a command that the devbox told of and that is this one, most likely. */
  readonly guess?: Told | undefined;
  /** Its header stands in the scrollback. */
  readonly opened: boolean;
  /** There when it is known to have stdin: whether its end was typed here. */
  readonly stdin?: 'open' | 'ended';
  /** As of the last report: it sleeps until it is given input. */
  readonly waitsForInput?: boolean;
  /** Typed for it and not yet handed over. */
  readonly input?: readonly InputPart[];
}

export function isOnDevbox(entry: Entry): boolean {
  return entry.phase === 'queued' || entry.phase === 'running';
}
