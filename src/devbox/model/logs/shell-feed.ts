import { CLOSE_MESSAGES } from '../devbox/close-reason.ts';
import type { Execution } from '../execution/execution.ts';
import { executionSummary } from '../execution/execution-view.ts';
import type { Growth, Observer, Transition } from '../transition.ts';
import { EventLog, type NewEvent } from './event-log.ts';
import { GrowthThrottle } from './growth-throttle.ts';

/** What happens in the shells of one devbox, as events. Commands without a shell are not told of. */
export class ShellFeed implements Observer {
  readonly log = new EventLog();
  readonly #output = new GrowthThrottle<Execution>((execution) => this.#publishOutput(execution));
  readonly #late: GrowthThrottle<Execution>;
  /** Drops the event about an execution's sizes that is held so far. */
  readonly #dropSizes = new WeakMap<Execution, () => void>();

  /** @param onLateGrowth told along with the events of late output, for commands without a shell too */
  constructor(onLateGrowth: (execution: Execution) => void) {
    this.#late = new GrowthThrottle((execution) => {
      onLateGrowth(execution);
      this.#publishLate(execution);
    });
  }

  happened(transition: Transition): void {
    if (transition.kind === 'input') return;
    if ('execution' in transition) this.#executionChanged(transition.kind, transition.execution);
    else this.#publishOfShell(transition);
  }

  grew(execution: Execution, growth: Growth): void {
    if (growth === 'late_output') this.#late.grew(execution);
    else if (execution.request.shellName !== undefined) this.#output.grew(execution);
  }

  #executionChanged(kind: 'queued' | 'started' | 'completed', execution: Execution): void {
    const { shellName, command, commandId } = execution.request;
    const { number } = execution;
    if (shellName === undefined) return;
    const ofExecution = { shell_name: shellName, execution_id: execution.id };
    if (kind === 'queued') {
      this.log.publish(
        {
          type: 'queued',
          ...ofExecution,
          command,
          ...(number === undefined ? {} : { number }),
          ...(commandId === undefined ? {} : { command_id: commandId }),
        },
        command.length,
      );
    } else if (kind === 'started') {
      const fresh = execution.freshShell ? { fresh_shell: true } : {};
      this.log.publish({ type: 'started', ...ofExecution, ...fresh });
    } else {
      this.#output.forget(execution);
      this.#replaceSizes(execution, undefined);
      const type = execution.end?.reason === 'cancelled' ? 'cancelled' : 'completed';
      const view = executionSummary(execution);
      this.log.publish({ type, ...ofExecution, execution: view }, command.length);
    }
  }

  #publishOfShell(transition: Exclude<Transition, { execution: Execution }>): void {
    const { shell } = transition;
    const ofShell = { shell_name: shell.name };
    switch (transition.kind) {
      case 'shell_opened': {
        const { kind: type, pid, freshShell: fresh_shell } = transition;
        this.log.publish({ type, ...ofShell, pid, cwd: shell.cwd, fresh_shell });
        return;
      }
      case 'shell_ended':
        this.log.publish({
          type: transition.kind,
          ...ofShell,
          message: transition.message,
          cwd: shell.cwd,
        });
        return;
      case 'shell_closed': {
        const { kind: type, reason } = transition;
        this.log.publish({ type, ...ofShell, reason, message: CLOSE_MESSAGES[reason] });
        return;
      }
      case 'idle_timeout_changed':
        this.log.publish({
          type: transition.kind,
          ...ofShell,
          idle_timeout_ms: shell.idleTimeoutMs ?? null,
        });
        return;
      default:
        this.log.publish({ type: transition.kind, ...ofShell, cwd: shell.cwd });
    }
  }

  #publishOutput(execution: Execution): void {
    const { stdout, stderr } = execution;
    const sizes = { stdout_bytes: stdout.size, stderr_bytes: stderr.size };
    this.#replaceSizes(execution, { type: 'output', ...this.#ofExecution(execution), ...sizes });
  }

  #publishLate(execution: Execution): void {
    if (execution.request.shellName === undefined) return;
    const { stdout, stderr } = execution.late;
    const sizes = { late_stdout_bytes: stdout.size, late_stderr_bytes: stderr.size };
    this.#replaceSizes(execution, { type: 'late_output', ...this.#ofExecution(execution), ...sizes });
  }

  #ofExecution(execution: Execution) {
    return { shell_name: execution.request.shellName ?? '', execution_id: execution.id };
  }

  #replaceSizes(
    execution: Execution,
    event: Extract<NewEvent, { type: 'output' | 'late_output' }> | undefined,
  ) {
    this.#dropSizes.get(execution)?.();
    this.#dropSizes.delete(execution);
    if (event !== undefined) this.#dropSizes.set(execution, this.log.publish(event));
  }
}
