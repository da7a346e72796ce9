import type { CloseReason } from './devbox/close-reason.ts';
import type { Execution } from './execution/execution.ts';
import type { Shell } from './shell/shell.ts';

/**
 * Everything that changes the state of an execution or a shell, told right after it changed and in the order in
 * which it did. All of it goes through one `Observer`, so whoever must know all, such as a journal, looks there.
 */
export type Transition =
  | { readonly kind: 'queued' | 'started' | 'completed'; readonly execution: Execution }
  /** Input was taken for a command that waits; without `text` the end of its input. */
  | { readonly kind: 'input'; readonly execution: Execution; readonly text?: string }
  /** Its bash has started. */
  | {
      readonly kind: 'shell_opened';
      readonly shell: Shell;
      readonly pid: number;
      readonly freshShell: boolean;
    }
  /** Its bash has ended by itself. */
  | { readonly kind: 'shell_ended'; readonly shell: Shell; readonly message: string }
  | { readonly kind: 'shell_restored'; readonly shell: Shell }
  | { readonly kind: 'shell_closed'; readonly shell: Shell; readonly reason: CloseReason }
  | { readonly kind: 'cwd_changed' | 'idle_timeout_changed'; readonly shell: Shell };

/** What kind of output has grown. */
export type Growth = 'output' | 'late_output';

export interface Observer {
  /** Must not throw. */
  happened(transition: Transition): void;
  /** Output came: called for every chunk, so it has to cost next to nothing. */
  grew(execution: Execution, growth: Growth): void;
}
