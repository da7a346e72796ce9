import { wordsThatBegin } from '../../state/completion/complete-colon.ts';
import type { CompletionQuery, DevboxQuery } from '../../state/completion/completion-query.ts';
import type { CompletionAnswer } from '../../state/event.ts';
import type { DevboxPort, Diagnose, ShellPort } from '../shell-port.ts';
import { completionScript } from './completion-script.ts';
import { readCandidates } from './read-candidates.ts';

export interface Completer {
  /**
   * Never rejects. Resolves with undefined when it was cancelled: by `cancel`, or by the next call.
   *
   * @param shell whose names and directory count
   * @param onWait called again and again while it takes longer than people notice
   */
  complete(
    query: CompletionQuery,
    shell: ShellPort,
    onWait: () => void,
  ): Promise<CompletionAnswer | undefined>;
  cancel(): void;
}

/** ms. Below that a spinner would only flicker. */
const WAIT_MS = 200;

/** ms. A completion function may ask a network that does not answer; whoever waits that long has forgotten the key. */
const LIMIT_MS = 15_000;

/**
 * Asks the devbox what may stand in the place of a word: one question at a time, beside the shells.
 *
 * @param limitMs after which the question is ended
 */
export function createCompleter(devbox: DevboxPort, diagnose: Diagnose, limitMs = LIMIT_MS): Completer {
  let asking: AbortController | undefined;

  async function answer(
    query: CompletionQuery,
    shell: ShellPort,
    signal: AbortSignal,
  ): Promise<CompletionAnswer> {
    if (query.type !== 'shells') return await askDevbox(query, shell, signal);
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
    shell: ShellPort,
    signal: AbortSignal,
  ): Promise<CompletionAnswer> {
    const info = await shell.info();
    let cwd = info?.cwd ?? query.cwd;
    if (cwd === undefined && isRelative(query)) {
      if (!query.mayAskShell) return { problem: NO_CWD };
      cwd = await askShell(shell, signal);
    }
    // Of a bash that has ended the state is no longer the shell's.
    const stateFile = info?.pid === undefined ? undefined : info.stateFile;
    const script = completionScript({ ...query, cwd }, stateFile);
    const limit = AbortSignal.timeout(limitMs);
    try {
      return readCandidates(await devbox.runBeside(script, AbortSignal.any([signal, limit])));
    } catch (error) {
      if (!limit.aborted || signal.aborted || query.type !== 'path' || query.compspec === undefined)
        throw error;
      return {
        problem: `The completion of ${query.compspec.name} took more than ${limitMs / 1_000} s and was ended.`,
      };
    }
  }

  return {
    async complete(query, shell, onWait) {
      asking?.abort();
      asking = new AbortController();
      const { signal } = asking;
      const waiting = setInterval(onWait, WAIT_MS);
      signal.addEventListener('abort', () => clearInterval(waiting));
      try {
        const answered = await answer(query, shell, signal);
        return signal.aborted ? undefined : answered;
      } catch (error) {
        return signal.aborted ? undefined : { problem: `Not completed: ${diagnose(error).message}` };
      } finally {
        clearInterval(waiting);
      }
    },
    cancel() {
      asking?.abort();
    },
  };
}

const NO_CWD =
  'The directory is not told here: Tab completes from / and ~. `:set ask-directory on`: it asks an idle shell.';

/** `$?` stays as it was; the blank before it keeps it out of the history. */
const SAY_DIRECTORY = String.raw` (__nsh_s=$?; \builtin printf %s "$PWD"; \builtin exit "$__nsh_s")`;

/** Runs a command in the shell's queue. It is not ended when nobody waits for it any more: it has ended by itself by then. */
async function askShell(shell: ShellPort, signal: AbortSignal): Promise<string> {
  let told = '';
  const stdout = (chunk: string) => {
    told += chunk;
  };
  const execution = await shell.execAsync(SAY_DIRECTORY, { stdout, attach_stdin: false }, { signal });
  await execution.result({ signal });
  return told;
}

function isRelative(query: DevboxQuery): boolean {
  if (query.type !== 'path') return false;
  const [first] = query.directory;
  return first === undefined || (first.type === 'literal' && !first.text.startsWith('/'));
}
