import { wordsThatBegin } from '../state/complete-colon.ts';
import type { CompletionQuery, DevboxQuery } from '../state/completion-query.ts';
import type { CompletionAnswer } from '../state/event.ts';
import { completionScript } from './completion-script.ts';
import { readCandidates } from './read-candidates.ts';
import type { DevboxPort, Diagnose } from './shell-port.ts';

export interface Completer {
  /** Never rejects. Resolves with undefined when it was cancelled: by `cancel`, or by the next call. */
  complete(query: CompletionQuery): Promise<CompletionAnswer | undefined>;
  cancel(): void;
}

/** Asks the devbox what may stand in the place of a word: one question at a time, beside the shells. */
export function createCompleter(devbox: DevboxPort, diagnose: Diagnose): Completer {
  let asking: AbortController | undefined;

  async function answer(query: CompletionQuery, signal: AbortSignal): Promise<CompletionAnswer> {
    if (query.type !== 'shells') return await askDevbox(query, signal);
    const shells = await devbox.shells();
    if (shells === undefined) return { problem: 'This devbox cannot list its shells: type the name.' };
    return {
      candidates: wordsThatBegin(
        shells.map(({ name }) => name),
        query.base,
      ),
      more: false,
    };
  }

  async function askDevbox(
    query: DevboxQuery & { readonly base: string },
    signal: AbortSignal,
  ): Promise<CompletionAnswer> {
    if (query.cwd === undefined && isRelative(query)) return { problem: NO_CWD };
    return readCandidates(await devbox.runBeside(completionScript(query), signal));
  }

  return {
    async complete(query) {
      asking?.abort();
      asking = new AbortController();
      const { signal } = asking;
      try {
        const answered = await answer(query, signal);
        return signal.aborted ? undefined : answered;
      } catch (error) {
        return signal.aborted ? undefined : { problem: `Not completed: ${diagnose(error).message}` };
      }
    },
    cancel() {
      asking?.abort();
    },
  };
}

const NO_CWD = 'This devbox does not tell the working directory: only paths from / or ~ can be completed.';

function isRelative(query: DevboxQuery): boolean {
  if (query.type !== 'path') return false;
  const [first] = query.directory;
  return first === undefined || (first.type === 'literal' && !first.text.startsWith('/'));
}
