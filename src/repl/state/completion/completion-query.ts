import type { CompspecQuery } from '../../editor/completion/compspec-place.ts';
import type { PathPart } from '../../editor/completion/word-parts.ts';

/** What is asked of the devbox, beside the shell. */
export type CompletionQuery = ({ readonly type: 'shells' } | DevboxQuery) & { readonly base: string };

export type DevboxQuery = {
  /** Where relative paths begin; undefined: not known. */
  readonly cwd: string | undefined;
  /** Whether the shell itself may be asked where that is: it was allowed, and nothing runs or waits. */
  readonly mayAskShell: boolean;
} & (
  | {
      readonly type: 'path';
      readonly directory: readonly PathPart[];
      /** Of the files only those that can be run. */
      readonly executables: boolean;
      /** Whoever knows the command's arguments is asked first. */
      readonly compspec?: CompspecQuery | undefined;
    }
  | { readonly type: 'command' | 'variable' | 'user' }
);
