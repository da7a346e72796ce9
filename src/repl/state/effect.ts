import type { CompletionQuery } from './completion/completion-query.ts';
import type { ExitReport } from './exit-report.ts';
import type { RecalledBlock } from './history/recall.ts';
import type { InputPart } from './queue/entry.ts';
import type { SettingName, Settings } from './settings.ts';

/** A block of this session. */
export interface BlockRef {
  readonly number: number;
  /** How people call it: `#7`. */
  readonly name: string;
  readonly executionId: string | undefined;
}

export type Tone = 'plain' | 'dim' | 'error';

/** What `update` asks for, as values: the runtime carries them out, in order. */
export type Effect =
  | {
      readonly type: 'launch';
      readonly number: number;
      readonly command: string;
      readonly stdin: boolean;
      /** stderr goes where stdout goes. */
      readonly merge?: true;
    }
  /** Hand what was typed to a command's stdin, behind what was handed over before; never again. */
  | {
      readonly type: 'send-input';
      readonly name: string;
      readonly executionId: string;
      readonly part: InputPart;
    }
  /** Try the first unsent line again after a pause, ms. */
  | { readonly type: 'retry-launch'; readonly afterMs: number }
  /** Await the result of what was launched; what another session launched is read from its first byte on. */
  | { readonly type: 'follow'; readonly number: number; readonly executionId: string }
  /** Show no more of the output of a command that has ended. */
  | { readonly type: 'skip-output'; readonly number: number }
  | { readonly type: 'interrupt'; readonly executionId: string }
  | { readonly type: 'kill'; readonly executionId: string }
  /** Take it out of the devbox's queue; nothing is done to one that has begun. */
  | { readonly type: 'cancel'; readonly number: number; readonly name: string; readonly executionId: string }
  /** Ask the devbox for all commands behind this number, up to now: answered by `missed`, whatever happens. */
  | { readonly type: 'ask-missed'; readonly after: number; readonly upTo: number }
  /** Ask the devbox for the shell's cwd and queue. */
  | { readonly type: 'refresh' }
  | {
      readonly type: 'open-block';
      readonly number: number;
      readonly name: string;
      readonly command: string;
      readonly elsewhere: boolean;
    }
  /** Show a command that had ended before; `ago`: when, for people. */
  | {
      readonly type: 'recall-block';
      readonly number: number;
      readonly name: string;
      readonly block: RecalledBlock;
      readonly ago: string;
    }
  | { readonly type: 'close-block'; readonly number: number; readonly report: ExitReport }
  /** Open the whole of a block in the user's pager: answered by `pager-ended`, whatever happens. */
  | ({ readonly type: 'show-block' } & BlockRef)
  /** Put the output of a block into the clipboard. */
  | ({ readonly type: 'copy-block' } & BlockRef)
  /** Print the lines of these blocks that match. */
  | {
      readonly type: 'search-blocks';
      readonly pattern: string;
      readonly flags: string;
      readonly blocks: readonly BlockRef[];
      readonly columns: number;
    }
  /** Call for attention. */
  | { readonly type: 'notify'; readonly way: Exclude<Settings['notify'], 'off'>; readonly text: string }
  /** `answer`: of a `:command`, in the order in which these were typed. */
  | { readonly type: 'print'; readonly text: string; readonly tone: Tone; readonly answer?: true }
  /** Keep lines in this shell's history file; told again, with the same time, when more is known of them. */
  | { readonly type: 'remember'; readonly lines: readonly Remembered[] }
  /** Write a changed setting into the settings file. */
  | { readonly type: 'keep-setting'; readonly name: SettingName; readonly value: string }
  /** Read the history of every shell, the newest `most` commands. */
  | { readonly type: 'load-past'; readonly most: number }
  /** Take the next step of the search, after the keys that wait. */
  | { readonly type: 'search-on' }
  /** Ask the devbox what may stand in the place of a word, beside the shell: answered by `completed`. */
  | { readonly type: 'complete'; readonly request: number; readonly query: CompletionQuery }
  /** Nobody waits for the answer any more. */
  | { readonly type: 'cancel-completion' }
  | { readonly type: 'list-shells' }
  /**
   * Attach to another shell. Answered by `attached`; by `no-such-shell` when it is to be there and is not, by `shell-is-there`
   * when it is to be new and is not, where the devbox can tell; else by `switch-failed`. Without a name it gets one of its own.
   */
  | { readonly type: 'switch'; readonly name: string | undefined; readonly wanted: 'there' | 'new' }
  | { readonly type: 'restore' }
  /** Answered by `shell-busy` when commands still run or wait there, unless `anyway`. */
  | { readonly type: 'close-shell'; readonly name: string; readonly anyway: boolean }
  /** Let the user's own editor change the text: answered by `edited-externally`, whatever happens. */
  | { readonly type: 'edit-externally'; readonly text: string }
  /** Answered by `not-suspended` where nothing could take over the terminal. */
  | { readonly type: 'suspend' }
  | { readonly type: 'restart-server' }
  /** Write commands with their output into a file, as Markdown. */
  | {
      readonly type: 'export';
      readonly file: string;
      readonly title: string;
      readonly blocks: readonly BlockRef[];
    }
  /** Begin to record the screen into a file; without one, end it. */
  | { readonly type: 'record'; readonly file: string | undefined }
  | { readonly type: 'clear-screen' }
  | { readonly type: 'leave'; readonly reason: 'detached' | 'closed' };

export interface Remembered {
  readonly command: string;
  /** When it was typed: Unix time, ms. */
  readonly typedAt: number;
  readonly executionId?: string;
  readonly exitStatus?: number;
  /** It was not typed in a REPL of this machine. */
  readonly elsewhere?: true;
  /** The working directory that it was typed in. */
  readonly cwd?: string;
}
