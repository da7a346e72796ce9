/** A command that was run before, with where and how. */
export interface PastCommand {
  readonly command: string;
  /** When it was sent, Unix time in ms. */
  readonly at: number;
  readonly devbox: string;
  readonly shell: string;
  /** The shell's working directory then, as far as known. */
  readonly cwd?: string;
  /** Unset while it runs, and where it was never learned. */
  readonly exitStatus?: number;
  readonly executionId?: string;
  /** It was not typed in a REPL of this machine: a script, another machine, a program. */
  readonly elsewhere?: true;
}

/** Whose commands are meant: those of one shell, of all shells of its devbox, or all. */
export type HistoryScope = 'shell' | 'devbox' | 'all';

/** A shell, as far as the history tells shells apart. */
export interface Place {
  readonly devbox: string;
  readonly shell: string;
}

export function isInScope(past: Place, scope: HistoryScope, here: Place): boolean {
  if (scope === 'all') return true;
  return past.devbox === here.devbox && (scope === 'devbox' || past.shell === here.shell);
}
