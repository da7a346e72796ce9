import type { ReplEvent } from '../state/event.ts';
import type { Blocks } from './blocks.ts';
import type { Diagnose, ExecutionPort, ShellPort } from './shell-port.ts';

export interface AttachmentContext {
  readonly shell: ShellPort;
  readonly blocks: Blocks;
  readonly dispatch: (event: ReplEvent) => void;
  readonly diagnose: Diagnose;
}

/** The REPL's hold on one shell: what it launched there, and the reading that ends when it detaches. */
export interface Attachment {
  readonly shell: ShellPort;
  launch(number: number, command: string): void;
  follow(number: number): void;
  interrupt(executionId: string): void;
  kill(executionId: string): void;
  refresh(): void;
  /** Stops reading. Commands go on: the shell lives without its readers. */
  detach(): void;
}

export function attach({ shell, blocks, dispatch, diagnose }: AttachmentContext): Attachment {
  const detached = new AbortController();
  const { signal } = detached;
  const executions = new Map<number, ExecutionPort>();

  /** What fails is told, unless this attachment is over and with it the interest. */
  const failed = (what: string, error: unknown) => {
    if (!signal.aborted) dispatch({ type: 'failed', what, message: diagnose(error).message });
  };
  const byId = (executionId: string) =>
    [...executions.values()].find((execution) => execution.executionId === executionId) ??
    shell.execution(executionId);

  let refreshing = false;
  let refreshAgain = false;
  async function refresh(): Promise<void> {
    refreshAgain = refreshing;
    if (refreshing) return;
    refreshing = true;
    try {
      const report = await shell.info();
      if (report !== undefined && !signal.aborted)
        dispatch({ type: 'shell-reported', report, now: Date.now() });
    } catch {
      // The connection's own events tell the user; a report that failed is only late.
    } finally {
      refreshing = false;
    }
    if (refreshAgain && !signal.aborted) await refresh();
  }

  async function launch(number: number, command: string): Promise<void> {
    let began = false;
    const write = (stream: 'stdout' | 'stderr') => (chunk: string) => {
      if (signal.aborted) return undefined;
      if (!began) {
        began = true;
        dispatch({ type: 'output-began', number, now: Date.now() });
      }
      return blocks.write(number, stream, chunk);
    };
    try {
      const execution = await shell.execAsync(
        command,
        { stdout: write('stdout'), stderr: write('stderr') },
        { signal },
      );
      executions.set(number, execution);
      const { executionId, status } = execution;
      if (!signal.aborted) dispatch({ type: 'launched', number, executionId, status, now: Date.now() });
    } catch (error) {
      if (!signal.aborted) dispatch({ type: 'launch-failed', number, ...diagnose(error) });
    }
  }

  async function follow(number: number): Promise<void> {
    const execution = executions.get(number);
    if (execution === undefined) return;
    try {
      const { exitCode, ...rest } = await execution.result({ signal });
      const report = { kind: 'completed', exitStatus: exitCode, ...rest } as const;
      if (!signal.aborted) dispatch({ type: 'settled', number, report, now: Date.now() });
    } catch (error) {
      const { message } = diagnose(error);
      if (!signal.aborted)
        dispatch({ type: 'settled', number, report: { kind: 'lost', message }, now: Date.now() });
    } finally {
      executions.delete(number);
    }
  }

  return {
    shell,
    launch: (number, command) => void launch(number, command),
    follow: (number) => void follow(number),
    interrupt: (executionId) =>
      void byId(executionId)
        .interrupt()
        .catch((error) => failed('Interrupt', error)),
    kill: (executionId) =>
      void byId(executionId)
        .kill()
        .then(refresh, (error) => failed('Kill', error)),
    refresh: () => void refresh(),
    detach: () => detached.abort(),
  };
}
