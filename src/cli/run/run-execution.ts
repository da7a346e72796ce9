import { NamedShellError } from '../../sdk/errors.ts';
import type { Execution } from '../../sdk/execution.ts';
import type { ExecutionResult } from '../../sdk/execution-result.ts';
import type { NamedShell } from '../../sdk/named-shell.ts';
import { CliError } from '../cli-error.ts';
import { EXIT } from '../exit-status.ts';
import { gapText } from '../output/gap-lines.ts';
import { TerminalText } from '../output/safe-for-terminal.ts';
import { tell, writeFully } from '../standard-streams.ts';
import type { CommandSignals } from './command-signals.ts';
import { type CommandInput, feedStdin } from './feed-stdin.ts';
import { interruptOrCancel } from './interrupt-or-cancel.ts';
import { tellQueue } from './tell-queue.ts';

export interface CommandEnd {
  readonly exitStatus: number;
  /** Whether its bash ended with it: what follows in a script must not run in a fresh one. */
  readonly shellEnded: boolean;
}

/** How long a command whose output cannot be delivered may take to end after an interrupt, ms. */
const UNDELIVERABLE_GRACE_MS = 2_000;

/** Where a command runs, and what can end the wait for it. */
export interface CommandPlace {
  readonly shell: NamedShell;
  readonly signals: CommandSignals;
  readonly lost: Promise<never>;
}

/**
 * Runs one command to its end: its stdout to stdout, its stderr to stderr, byte for byte, at the pace of whoever
 * reads them.
 *
 * @param stdin what the command reads; undefined: nothing
 * @throws CliError when it was cancelled, when how it ended is unknown, and when nsh left it running
 */
export async function runExecution(
  { shell, signals, lost }: CommandPlace,
  command: string,
  stdin?: CommandInput,
): Promise<CommandEnd> {
  signals.launching();
  try {
    const launch = shell.execAsync(command, stdin ? { attach_stdin: true } : {});
    const execution = await Promise.race([launch, signals.left]);
    signals.direct({
      executionId: execution.executionId,
      interrupt: () => interruptOrCancel(execution),
      kill: () => execution.kill({ processGroup: true }),
    });
    const ended = followToEnd(shell, execution, stdin).then((result) => commandEnd(result, signals));
    return await Promise.race([ended, signals.left, lost]);
  } finally {
    signals.release();
  }
}

async function followToEnd(
  shell: NamedShell,
  execution: Execution,
  stdin: CommandInput | undefined,
): Promise<ExecutionResult> {
  const over = new AbortController();
  void tellQueue(shell, execution, over.signal);
  try {
    const ended = Promise.all([execution.result(), copyOutput(execution, over.signal)]);
    // Input that ran out ends nothing; input that failed ends the wait.
    const broken = stdin && feedStdin(execution, stdin, over.signal).then(() => ended);
    const [result] = await Promise.race(broken ? [ended, broken] : [ended]);
    return result;
  } catch (error) {
    // What this side could not write or read: nobody serves the command any more.
    if (error instanceof CliError) await endUndeliverable(execution);
    throw isNotFound(error) ? forgotten(execution, error) : error;
  } finally {
    over.abort();
  }
}

const isNotFound = (error: unknown) => error instanceof NamedShellError && error.kind === 'not_found';

/** The server had taken it: another one answers there now, or the devbox is gone. */
function forgotten({ executionId }: Execution, cause: unknown): CliError {
  return new CliError(
    EXIT.unknownOutcome,
    `the server no longer knows the command (${executionId}), so how it ended is unknown. It was restarted, or the devbox was shut down.`,
    { cause },
  );
}

/** In the order of both streams, which may be one terminal or one pipe. */
async function copyOutput(execution: Execution, signal: AbortSignal): Promise<void> {
  const targets = { stdout: target(process.stdout), stderr: target(process.stderr) };
  const chunks = execution.chunks({ signal, onGap: (gap) => tell(gapText(gap)) });
  for await (const { stream, bytes } of chunks) {
    const { to, text } = targets[stream];
    await writeFully(to, text?.pass(bytes) ?? bytes);
  }
  for (const { to, text } of Object.values(targets)) {
    const rest = text?.end() ?? '';
    if (rest !== '') await writeFully(to, rest);
  }
}

const target = (to: NodeJS.WriteStream) => ({ to, text: to.isTTY ? new TerminalText() : undefined });

async function commandEnd(
  { exitCode, executionId, result }: ExecutionResult,
  signals: CommandSignals,
): Promise<CommandEnd> {
  const detail = result.nsh;
  if (detail?.end_reason === 'cancelled') {
    const why = detail.message ?? 'cancelled';
    throw new CliError(
      signals.interrupted ? EXIT.interrupted : EXIT.cancelled,
      `the command did not run: ${why}.`,
    );
  }
  if (exitCode === null) {
    throw new CliError(
      EXIT.unknownOutcome,
      `the command (${executionId}) has ended, but the server does not say with which status.`,
    );
  }
  const shellEnded = detail?.end_reason === 'shell_ended';
  // Told to people alone: a program's stderr must hold what the command wrote and nothing else.
  if (shellEnded && process.stderr.isTTY) {
    await tell(`${detail?.message ?? 'the shell ended'}; the next command starts a fresh one.`);
  }
  return { exitStatus: exitCode, shellEnded };
}

/** Ends a command as a closed pipe would: an interrupt, then, if that does not help, a kill. */
async function endUndeliverable(execution: Execution): Promise<void> {
  await interruptOrCancel(execution);
  const grace = AbortSignal.timeout(UNDELIVERABLE_GRACE_MS);
  await execution.result({ signal: grace }).catch(() => execution.kill({ processGroup: true }));
}
