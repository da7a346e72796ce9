import type { Recall, RecalledBlock, RecalledOutput } from '../../repl/state/history/recall.ts';
import { NamedShellError } from '../../sdk/errors.ts';
import type { ExecutionResult } from '../../sdk/execution-result.ts';
import type { NamedShell } from '../../sdk/named-shell.ts';
import type { ShellCommand } from '../../sdk/shell-commands.ts';
import { resultPort } from './result-port.ts';

const MOST_BLOCKS = 5;
/** Of each stream of a block. */
const MOST_LINES = 10;

const FROM_THE_LOG =
  'This devbox tells of its shells in its log alone, which may lag behind: how long those commands took, in which directory the shell stands, and what other sessions send from now on is not known.';

/** What ran in a shell, and on a devbox that does not tell it live also what runs and waits. */
export async function recallShell(shell: NamedShell, signal: AbortSignal): Promise<Recall> {
  const [commands, view] = await Promise.all([
    shell.history({ limit: MOST_BLOCKS + 1 }, { signal }),
    shell.info({ signal }),
  ]);
  const over = commands.filter(({ status }) => status === 'completed' || status === 'unknown');
  const [blocks, open] = await Promise.all([
    Promise.all(
      over.slice(-MOST_BLOCKS).map((command) =>
        // In a log, numbers go as far as the log does.
        recallBlock(shell, command, view && command.number, signal),
      ),
    ),
    view === undefined ? shell.executions({ signal }) : [],
  ]);
  const queue = open.flatMap(({ executionId, command, status }) =>
    executionId !== undefined && (status === 'running' || status === 'queued')
      ? [{ executionId, command, status }]
      : [],
  );
  const isKnown = view !== undefined || commands.length + queue.length === 0;
  return { blocks, queue, unknown: isKnown ? undefined : FROM_THE_LOG };
}

async function recallBlock(
  shell: NamedShell,
  command: ShellCommand,
  shellNumber: number | undefined,
  signal: AbortSignal,
): Promise<RecalledBlock> {
  const { executionId, endedAtMs, exitCode } = command;
  const known = { executionId, shellNumber, command: command.command, endedAt: endedAtMs };
  const result = executionId === undefined ? undefined : await resultOf(shell, executionId, signal);
  const end = result ? resultPort(result.exitCode, result.result) : undefined;
  const report = {
    kind: 'completed',
    exitStatus: end?.exitCode ?? exitCode,
    reason: end?.reason,
    message: end?.message,
    cwd: end?.cwd,
    durationMs: end?.durationMs,
    freshShell: end?.freshShell ?? false,
  } as const;
  return { ...known, report, output: result && (await outputOf(result)) };
}

/** undefined: the devbox does not hold it any more. */
async function resultOf(
  shell: NamedShell,
  executionId: string,
  signal: AbortSignal,
): Promise<ExecutionResult | undefined> {
  try {
    return await shell.execution(executionId).result({ signal });
  } catch (error) {
    if (error instanceof NamedShellError && error.kind === 'not_found') return undefined;
    throw error;
  }
}

async function outputOf(result: ExecutionResult): Promise<RecalledOutput> {
  const { stdout_truncated, stderr_truncated, ...view } = result.result;
  const lines = async (stream: 'stdout' | 'stderr') => {
    const text = await result[stream](MOST_LINES);
    return text !== '' && view[stream]?.endsWith('\n') ? `${text.trimEnd()}\n` : text;
  };
  const [stdout, stderr] = await Promise.all([lines('stdout'), lines('stderr')]);
  const isCut = (shown: string, all: string | null | undefined) => shown.trimEnd() !== (all ?? '').trimEnd();
  const cut =
    stdout_truncated === true ||
    stderr_truncated === true ||
    isCut(stdout, view.stdout) ||
    isCut(stderr, view.stderr);
  return { stdout, stderr, cut };
}
