import type { Candidate } from '../editor/completion/candidate.ts';
import type { KeyEvent } from '../editor/key-event.ts';
import type { PastCommand } from '../editor/past-command.ts';
import type { ExitReport } from './exit-report.ts';
import type { Recall } from './history/recall.ts';

/** What the devbox says about a shell. Mirrors the extension route; the port translates. */
export interface ShellReport {
  readonly name: string;
  readonly cwd: string;
  /** Of its bash; undefined while it has none. */
  readonly pid: number | undefined;
  readonly queue: readonly {
    readonly executionId: string;
    readonly command: string;
    readonly status: 'queued' | 'running';
    /** Unix time, ms. */
    readonly startedAt?: number;
    /** It is known to wait for what is typed. */
    readonly waitsForInput?: boolean;
    readonly shellNumber?: number | undefined;
    /** The id that it was launched under. */
    readonly commandId?: string | undefined;
    /** It was sent from here, as the line of this number. */
    readonly own?: number | undefined;
  }[];
  /** The number of the newest command that it has accepted; undefined: the devbox does not count them. */
  readonly lastNumber?: number | undefined;
}

/** What happens in a shell, as the devbox tells it live. */
export type ShellNews =
  /** The state from which the news go on; undefined while there is no such shell. */
  | { readonly kind: 'snapshot'; readonly report: ShellReport | undefined }
  | {
      readonly kind: 'queued';
      readonly executionId: string;
      readonly command: string;
      readonly shellNumber?: number | undefined;
      readonly commandId?: string | undefined;
      /** It was sent from here, as the line of this number. */
      readonly own?: number | undefined;
    }
  | { readonly kind: 'started'; readonly executionId: string }
  /** `cancelled`: it never ran. */
  | { readonly kind: 'ended'; readonly executionId: string; readonly cancelled?: boolean }
  /** A background job of a command that has ended wrote something. */
  | {
      readonly kind: 'late';
      readonly executionId: string;
      /** So many in all. */
      readonly bytes: { readonly stdout: number; readonly stderr: number };
    }
  | { readonly kind: 'cwd'; readonly cwd: string }
  /** A bash of its own was started for it. */
  | { readonly kind: 'bash'; readonly pid: number; readonly cwd: string }
  /** The bash it had has ended, with the command that ran in it or while nothing ran. */
  | { readonly kind: 'bash-ended'; readonly message: string; readonly cwd: string }
  | { readonly kind: 'closed'; readonly message: string };

/** What became of the devbox itself. */
export interface DevboxNews {
  /** One or two words for the status line; undefined: it runs. */
  readonly trouble: string | undefined;
  /** For the scrollback, with what to do; undefined: nothing that people have to know. */
  readonly told: string | undefined;
  /** The shells are not what they were, and the lines typed for them are to be held. */
  readonly shellsGone: boolean;
}

/** A command of the shell that runs or has ended, whoever sent it. */
export interface ShellCommand {
  readonly executionId: string;
  readonly command: string;
  /** Unix time, ms. */
  readonly sentAt: number;
  readonly exitStatus: number | undefined;
}

/** A command of the shell as the devbox lists it when it is asked what was missed. */
export interface MissedCommand {
  readonly executionId: string;
  readonly command: string;
  readonly shellNumber: number;
  readonly status: 'queued' | 'running' | 'completed';
  /** It never ran. */
  readonly cancelled: boolean;
  /** Unix time, ms. */
  readonly startedAt: number | undefined;
  readonly commandId?: string | undefined;
  /** It was sent from here, as the line of this number. */
  readonly own?: number | undefined;
}

export interface ShellSummary {
  readonly name: string;
  readonly state: string;
  readonly cwd: string;
  readonly waiting: number;
}

export type LaunchFailure =
  /** Provably not run; it can be sent again. */
  | 'not_sent'
  /** Refused by the devbox for what it is; sending it again is of no use. */
  | 'refused'
  /** It may be running. It is never sent again by itself. */
  | 'unknown';

/** Everything that can happen to the REPL, as values. */
export type ReplEvent =
  /** `unfinished`: what the editor holds is an open quote, heredoc, `do` …; told for Enter only. */
  | {
      readonly type: 'key';
      readonly key: KeyEvent;
      readonly unfinished?: boolean;
      /** Others wait behind it: what only the screen is for can be left out. */
      readonly more?: boolean;
      readonly now: number;
    }
  /** One of several lines that were entered together. */
  | { readonly type: 'line'; readonly text: string; readonly now: number }
  | { readonly type: 'tick'; readonly now: number }
  | { readonly type: 'resized'; readonly columns: number; readonly rows: number }
  | {
      readonly type: 'launched';
      readonly number: number;
      readonly executionId: string;
      readonly shellNumber?: number | undefined;
      readonly status: 'queued' | 'running' | 'completed';
      readonly now: number;
    }
  /** The pause that `retry-launch` asked for is over. */
  | { readonly type: 'relaunch' }
  | {
      readonly type: 'launch-failed';
      readonly number: number;
      readonly failure: LaunchFailure;
      readonly message: string;
    }
  /** It runs: its first byte of output came, or the devbox said so. */
  | { readonly type: 'output-began'; readonly number: number; readonly now: number }
  | { readonly type: 'partial'; readonly text: string }
  | { readonly type: 'settled'; readonly number: number; readonly report: ExitReport; readonly now: number }
  | { readonly type: 'shell-reported'; readonly report: ShellReport | undefined; readonly now: number }
  | { readonly type: 'shell-news'; readonly news: ShellNews; readonly now: number }
  /** All that the shell has accepted, as far as it is held, in order; or why it could not be asked. */
  | {
      readonly type: 'missed';
      readonly commands: readonly MissedCommand[];
      readonly problem?: string;
      readonly now: number;
    }
  /** The devbox tells nothing live: it is asked at each tick instead. */
  | { readonly type: 'not-live' }
  | { readonly type: 'shells-listed'; readonly shells: readonly ShellSummary[] | undefined }
  | {
      readonly type: 'attached';
      readonly name: string;
      readonly created: boolean;
      readonly cwd: string | undefined;
      /** The number of its newest command; undefined: the devbox does not count them. */
      readonly lastNumber?: number | undefined;
      /** The newest of its commands, oldest first. */
      readonly past: readonly PastCommand[];
    }
  /** The user's editor gave the terminal back. No text: it stays as it was, and `problem` says why. */
  | { readonly type: 'edited-externally'; readonly text?: string; readonly problem?: string }
  /** The user's pager gave the terminal back. */
  | { readonly type: 'pager-ended'; readonly problem?: string }
  /** nsh was not started from a shell with job control. */
  | { readonly type: 'not-suspended' }
  /** The history of every shell, oldest first. */
  | { readonly type: 'past-loaded'; readonly commands: readonly PastCommand[] }
  /** What was in the shell before this REPL came. */
  | { readonly type: 'recalled'; readonly recall: Recall; readonly now: number }
  /** What the devbox knows of the shell's past, oldest first. */
  | { readonly type: 'shell-commands'; readonly commands: readonly ShellCommand[] }
  /** It is time for the next step of the search. */
  | { readonly type: 'search-on' }
  /** What may stand in the place of a word, or why nobody knows. */
  | { readonly type: 'completed'; readonly request: number; readonly answer: CompletionAnswer }
  /** The answer takes longer than one notices; told again and again. */
  | { readonly type: 'completion-waits'; readonly request: number }
  /** Whoever typed in the place of a person is done. */
  | { readonly type: 'detach' }
  /** The shell was made by this REPL, as it started. */
  | { readonly type: 'created'; readonly now: number }
  | { readonly type: 'connection'; readonly connection: ConnectionReport; readonly now: number }
  | { readonly type: 'devbox-news'; readonly news: DevboxNews; readonly now: number }
  /** What the terminal is sent is kept in a file from now on, or is not any more. */
  | { readonly type: 'recording'; readonly isRecording: boolean }
  /** It has begun, and goes on. */
  | { readonly type: 'not-cancelled'; readonly number: number }
  /** An effect could not be carried out; the user is told, nothing else changes. */
  | { readonly type: 'failed'; readonly what: string; readonly message: string }
  | { readonly type: 'server-restarted'; readonly message: string }
  | { readonly type: 'restored'; readonly cwd: string; readonly pid: number | undefined }
  /** Commands that were taken for others' were typed in another REPL of this machine. */
  | { readonly type: 'typed-here'; readonly executionIds: readonly string[] }
  /** A `:switch` or `:new` came to nothing; the REPL stays where it is. */
  | { readonly type: 'switch-failed'; readonly name: string; readonly message: string }
  | { readonly type: 'no-such-shell'; readonly name: string; readonly shells: readonly string[] }
  | { readonly type: 'shell-is-there'; readonly name: string }
  /** It was not closed: so many commands run and wait there. */
  | { readonly type: 'shell-busy'; readonly name: string; readonly commands: number }
  | { readonly type: 'shell-closed'; readonly name: string; readonly closed: boolean };

export type CompletionAnswer =
  /** `more`: there are others; what all begin with is right all the same. */
  | {
      readonly candidates: readonly Candidate[];
      readonly more: boolean;
      /** What a completion function told: it stands for the whole word, as bash cuts it. */
      readonly replies?: { readonly candidates: readonly Candidate[]; readonly more: boolean } | undefined;
    }
  | { readonly problem: string };

export type ConnectionReport =
  | { readonly state: 'connected' }
  /** The key is not taken any more: nothing is tried again. */
  | { readonly state: 'unauthorized'; readonly reason: string }
  | { readonly state: 'retrying'; readonly reason: string; readonly retryInMs: number };
