import type { ShellNews } from '../../state/event.ts';
import type { ExecutionPort, ShellPort } from '../shell-port.ts';
import type { Blocks } from './blocks.ts';

export interface ShownCommand {
  readonly number: number;
  readonly execution: ExecutionPort;
}

export interface LateOutputContext {
  readonly shell: ShellPort;
  readonly blocks: Blocks;
  readonly signal: AbortSignal;
  readonly failed: (what: string, error: unknown) => void;
  /** The commands whose blocks are shown here, by execution. */
  readonly shown: ReadonlyMap<string, ShownCommand>;
}

type LateNews = Extract<ShellNews, { readonly kind: 'late' }>;

/** Of the commands of a shell, as many as the embedded devbox keeps. */
const MOST_ASKED = 1_000;
/** What was written before this REPL was there is seen up to here, bytes: where the news stands in its context. */
const CONTEXT_BYTES = 1_024;

/**
 * Shows what background jobs write after the end of their command: from its beginning when the command is shown here,
 * and from about now when it ran before.
 */
export function readLateOutput(context: LateOutputContext): (news: LateNews) => void {
  const { shell, blocks, signal, failed, shown } = context;
  const opened = new Set<string>();

  function copyBoth(source: number | string, execution: ExecutionPort, from: LateNews['bytes']): void {
    for (const stream of ['stdout', 'stderr'] as const) void copy(source, execution, stream, from[stream]);
  }

  async function copy(
    source: number | string,
    execution: ExecutionPort,
    stream: 'stdout' | 'stderr',
    from: number,
  ): Promise<void> {
    try {
      for await (const text of execution.lateOutput(stream, signal, from))
        await blocks.late(source, stream, text);
    } catch (error) {
      const which = typeof source === 'number' ? (blocks.kept(source)?.name ?? 'a command') : source;
      failed(`Reading what background jobs of ${which} write`, error);
    }
  }

  async function copyUnknown({ executionId, bytes }: LateNews): Promise<void> {
    try {
      const ran = await shell.history(MOST_ASKED);
      if (signal.aborted) return;
      // The news can come before the answer to the launch.
      const here = shown.get(executionId);
      if (here !== undefined) return copyBoth(here.number, here.execution, { stdout: 0, stderr: 0 });
      const command = ran.find((one) => one.executionId === executionId)?.command ?? executionId;
      copyBoth(command, shell.execution(executionId), {
        stdout: Math.max(0, bytes.stdout - CONTEXT_BYTES),
        stderr: Math.max(0, bytes.stderr - CONTEXT_BYTES),
      });
    } catch (error) {
      failed('Reading what background jobs write', error);
    }
  }

  return (news) => {
    if (opened.has(news.executionId)) return;
    opened.add(news.executionId);
    const here = shown.get(news.executionId);
    if (here === undefined) void copyUnknown(news);
    else copyBoth(here.number, here.execution, { stdout: 0, stderr: 0 });
  };
}
