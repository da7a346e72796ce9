import type { ExitReport } from '../exit-report.ts';

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

/** What the devbox told of a command; of an own one perhaps before its launch is answered. */
export interface Told {
  readonly executionId: string;
  /** Its place among the commands of the shell, from 1; undefined: the devbox does not count them. */
  readonly shellNumber?: number | undefined;
  /** Unix time, ms; undefined while it waits. */
  readonly startedAt?: number | undefined;
  readonly ended?: true | undefined;
}

export interface Entry {
  /** This REPL's own count, and its key here: stable for as long as it runs. How people call it: `command-name.ts`. */
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
  /** Its place among the commands of the shell, from 1. Undefined: not known yet, or the devbox does not count them. */
  readonly shellNumber?: number;
  /** Unix time, ms. */
  readonly startedAt?: number;
  /** Its result is awaited, so its end will be told. */
  readonly followed: boolean;
  /** It has ended on the devbox; its output is still on the way. */
  readonly draining?: boolean;
  /** How it ended, when what stands before it is still being shown: the scrollback has the order of the shell. */
  readonly report?: ExitReport;
  /** While it is on its way: what the devbox told of it already. */
  readonly told?: Told | undefined;
  /** Its shell is gone, and with it what numbers mean: it stands where it stands. */
  readonly fixed?: true;
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
