import type { ReplState } from '../state.ts';
import type { Step } from '../step.ts';

/** A command of the REPL itself, typed as `:name argument`. */
export interface ColonCommand {
  readonly name: string;
  /** Other spellings that do the same. */
  readonly aliases?: readonly string[];
  /** How its argument is shown in help: `N`, `[NAME]`. Absent: it takes none. */
  readonly argument?: string;
  readonly help: string;
  /** What the page of the most used commands says of it; absent: it is not on it. */
  readonly brief?: string;
  /**
   * What may stand in the place of its last word; `shells`: the name of one, which the devbox knows.
   *
   * @param words of its argument so far; the last one may be empty or half typed
   */
  readonly complete?: (
    words: readonly string[],
    state: ReplState,
    all: readonly ColonCommand[],
  ) => readonly string[] | 'shells';
  readonly run: (state: ReplState, argument: string, all: readonly ColonCommand[]) => Step;
}
