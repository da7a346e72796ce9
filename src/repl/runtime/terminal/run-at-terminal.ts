import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

/** Gives the terminal away while `body` runs, and takes it back however that ends. */
export type LendTerminal = (body: () => Promise<void>) => Promise<void>;

export type ProgramEnd =
  | { readonly kind: 'exited'; readonly status: number }
  | { readonly kind: 'signal'; readonly signal: string }
  | { readonly kind: 'not-started'; readonly reason: string };

export interface ProgramAtTerminal {
  /** A line for the shell, as git takes `$EDITOR` and `$PAGER`: it may hold arguments. */
  readonly command: string;
  readonly args: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  /** Goes to its stdin, as far as it wants it: the signal fires when it has ended. Without it stdin is the terminal. */
  readonly input?: (signal: AbortSignal) => AsyncIterable<string>;
  /** Ends the program: nsh itself is being ended. */
  readonly signal: AbortSignal;
}

/** Runs one of the user's own programs on the terminal, which must have been lent to it. */
export async function runAtTerminal(program: ProgramAtTerminal): Promise<ProgramEnd> {
  const { command, args, env, input, signal } = program;
  // Ctrl-C reaches the shell in between, too: with a trap it lives on, and the program itself gets the default back.
  const script = `trap : INT QUIT; ${command} "$@"`;
  const stdin = input === undefined ? 'inherit' : 'pipe';
  const child = spawn('/bin/sh', ['-c', script, command, ...args], {
    stdio: [stdin, 'inherit', 'inherit'],
    env,
  });
  const hangUp = () => child.kill('SIGHUP');
  signal.addEventListener('abort', hangUp);
  const over = new AbortController();
  child.once('exit', () => over.abort());
  try {
    const closed = once(child, 'close') as Promise<[number | null, NodeJS.Signals | null]>;
    const fed = input && child.stdin && feed(input(over.signal), child.stdin, over.signal);
    const [[status, endSignal]] = await Promise.all([closed, fed]);
    if (endSignal !== null) return { kind: 'signal', signal: endSignal };
    // The shell in between reports a signal of the program as 128 + its number.
    if (status !== null && status > 128) return { kind: 'signal', signal: `signal ${status - 128}` };
    return { kind: 'exited', status: status ?? 0 };
  } catch (error) {
    return { kind: 'not-started', reason: (error as Error).message };
  } finally {
    signal.removeEventListener('abort', hangUp);
  }
}

async function feed(
  input: AsyncIterable<string>,
  stdin: NodeJS.WritableStream,
  over: AbortSignal,
): Promise<void> {
  try {
    await pipeline(Readable.from(input), stdin);
  } catch (error) {
    // It ended before it had read everything, which is its user's choice.
    const { code } = error as NodeJS.ErrnoException;
    if (!over.aborted && code !== 'EPIPE' && code !== 'ERR_STREAM_PREMATURE_CLOSE') throw error;
  }
}

const COMMAND_NOT_FOUND = 127;
const NOT_EXECUTABLE = 126;

export interface ProgramName {
  /** `editor`, `pager`. */
  readonly kind: string;
  readonly command: string;
  /** Where its name came from. */
  readonly from: string;
  /** What to do when it is not there. */
  readonly choose: string;
}

/** Why a program did not do its work: a sentence or two. */
export function explainEnd(
  end: ProgramEnd | undefined,
  { kind, command, from, choose }: ProgramName,
): string {
  if (end === undefined || end.kind === 'not-started') {
    return `The ${kind} could not be started (${end?.reason ?? 'the terminal was not given away'}).`;
  }
  if (end.kind === 'signal') return `The ${kind} \`${command}\` was ended by ${end.signal}.`;
  if (end.status === COMMAND_NOT_FOUND) return `There is no ${kind} \`${command}\` (${from}). ${choose}`;
  if (end.status === NOT_EXECUTABLE) return `The ${kind} \`${command}\` cannot be run (${from}). ${choose}`;
  return `The ${kind} \`${command}\` ended with exit status ${end.status}.`;
}
