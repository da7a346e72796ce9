import type { Effect } from '../state/effect.ts';
import type { ReplEvent } from '../state/event.ts';
import type { ExitReport } from '../state/exit-report.ts';
import type { InputPart } from '../state/queue/entry.ts';
import type { Blocks } from './blocks/blocks.ts';
import { readLateOutput, type ShownCommand } from './blocks/late-output.ts';
import { OwnCommands } from './own-commands.ts';
import type { Diagnose, ExecutionPort, ShellPort } from './shell-port.ts';

type LaunchEffect = Extract<Effect, { readonly type: 'launch' }>;
type Stream = 'stdout' | 'stderr';

/** Of how many commands late output can still be shown: each costs a few hundred bytes. */
const MOST_SHOWN = 1_000;
/** Of the commands of a shell, as many as the embedded devbox keeps, and what waits. */
const MOST_ACCEPTED = 1_500;

export interface AttachmentContext {
  readonly shell: ShellPort;
  readonly blocks: Blocks;
  readonly dispatch: (event: ReplEvent) => void;
  readonly diagnose: Diagnose;
}

/** The REPL's hold on one shell: what it launched there, and the reading that ends when it detaches. */
export interface Attachment {
  readonly shell: ShellPort;
  launch(what: LaunchEffect): void;
  /** In the order of the calls. What is not taken is told, and not sent again. */
  sendInput(name: string, executionId: string, part: InputPart): void;
  /** Awaits its end. What was not launched here is read from its first byte on. */
  follow(number: number, executionId: string): void;
  /** Stops reading the output of one command; how it ended is told all the same. */
  skipOutput(number: number): void;
  interrupt(executionId: string): void;
  kill(executionId: string): void;
  /** Takes a command out of the devbox's queue; one that has begun is left alone, and that is told. */
  cancel(number: number, name: string, executionId: string): void;
  /** Brings the state of a bash that ended into a fresh one. */
  restore(): void;
  /** Asks for what the shell has accepted behind a number, up to one that it has at least. */
  askMissed(after: number, upTo: number): void;
  refresh(): void;
  /** Stops reading. Commands go on: the shell lives without its readers. */
  detach(): void;
}

export function attach({ shell, blocks, dispatch, diagnose }: AttachmentContext): Attachment {
  const detached = new AbortController();
  const { signal } = detached;
  const executions = new Map<number, ExecutionPort>();
  /** Ends the reading of one command's output alone. */
  const readings = new Map<number, AbortController>();
  /** The latest commands whose blocks are shown here, by execution: also those that have ended, whose jobs may still write. */
  const shown = new Map<string, ShownCommand>();
  const show = (number: number, execution: ExecutionPort) => {
    forgetOldest(shown, MOST_SHOWN);
    shown.set(execution.executionId, { number, execution });
  };

  const ownCommands = new OwnCommands();

  /** Own commands that were queued when their launch was answered and are not known to have begun, in their order. */
  const waiting = new Map<number, ExecutionPort>();

  /** What fails is told, unless this attachment is over and with it the interest. */
  const failed = (what: string, error: unknown) => {
    if (!signal.aborted) dispatch({ type: 'failed', what, message: diagnose(error).message });
  };
  const byId = (executionId: string) => shown.get(executionId)?.execution ?? shell.execution(executionId);

  let refreshing = false;
  let refreshAgain = false;
  async function refresh(): Promise<void> {
    refreshAgain = refreshing;
    if (refreshing) return;
    refreshing = true;
    try {
      const report = await shell.info();
      if (signal.aborted) return;
      dispatch({ type: 'shell-reported', report: report && ownCommands.inReport(report), now: Date.now() });
      if (report === undefined) await lookAtFirst();
    } catch {
      // The connection's own events tell the user; a report that failed is only late.
    } finally {
      refreshing = false;
    }
    if (refreshAgain && !signal.aborted) await refresh();
  }

  /** Where nothing is told of the shell: a command that waited may run by now, and be silent. One that runs can be interrupted. */
  async function lookAtFirst(): Promise<void> {
    const [first] = waiting;
    if (first === undefined) return;
    const [number, execution] = first;
    if ((await execution.state()) === 'queued') return;
    waiting.delete(number);
    if (!signal.aborted) dispatch({ type: 'output-began', number, now: Date.now() });
  }

  async function cancel(number: number, name: string, executionId: string): Promise<void> {
    try {
      const cancelled = await byId(executionId).cancel();
      if (!cancelled && !signal.aborted) dispatch({ type: 'not-cancelled', number });
      await refresh();
    } catch (error) {
      failed(`Cancelling ${name}`, error);
    }
  }

  async function askMissed(after: number, upTo: number): Promise<void> {
    try {
      // What was accepted since the question was asked is listed too.
      let commands = await shell.accepted(Math.min(MOST_ACCEPTED, upTo - after + 50));
      const first = commands[0]?.shellNumber;
      if (first !== undefined && first > after + 1) commands = await shell.accepted(MOST_ACCEPTED);
      if (!signal.aborted)
        dispatch({ type: 'missed', commands: ownCommands.inMissed(commands), now: Date.now() });
    } catch (error) {
      const problem = diagnose(error).message;
      if (!signal.aborted) dispatch({ type: 'missed', commands: [], problem, now: Date.now() });
    }
  }

  async function watch(): Promise<void> {
    try {
      for await (const news of shell.watch(signal)) {
        if (signal.aborted) return;
        if (news.kind === 'late') late(news);
        dispatch({ type: 'shell-news', news: ownCommands.inNews(news), now: Date.now() });
      }
    } catch {
      // Not every devbox tells: then it is asked at each tick, and what is wrong there the connection's events say.
      if (!signal.aborted) dispatch({ type: 'not-live' });
    }
  }

  /** Late output goes to the scrollback, marked with the command it came from. Told often, opened once. */
  const late = readLateOutput({ shell, blocks, signal, failed, shown });

  /** The last piece of input on its way, by execution. */
  const inputs = new Map<string, Promise<void>>();

  function sendInput(name: string, executionId: string, part: InputPart): void {
    const execution = byId(executionId);
    const sent = (inputs.get(executionId) ?? Promise.resolve())
      .then(() => (part === 'end' ? execution.closeStdIn() : execution.sendStdIn(part.text, signal)))
      .catch((error) => failed(`Input for ${name}`, error));
    inputs.set(executionId, sent);
    void sent.then(() => {
      if (inputs.get(executionId) === sent) inputs.delete(executionId);
    });
  }

  async function launch({ number, command, stdin, merge }: LaunchEffect): Promise<void> {
    let began = false;
    const reading = new AbortController();
    readings.set(number, reading);
    const write = (stream: Stream) => (chunk: string) => {
      if (reading.signal.aborted) return undefined;
      if (!began) {
        began = true;
        dispatch({ type: 'output-began', number, now: Date.now() });
      }
      return blocks.write(number, stream, chunk);
    };
    const commandId = ownCommands.newId(number);
    try {
      const execution = await shell.execAsync(
        command,
        {
          stdout: write('stdout'),
          stderr: write('stderr'),
          attach_stdin: stdin,
          merge_stderr: merge === true,
          command_id: commandId,
        },
        { signal: reading.signal },
      );
      executions.set(number, execution);
      if (execution.status === 'queued') waiting.set(number, execution);
      const { executionId, shellNumber, status } = execution;
      show(number, execution);
      if (!signal.aborted)
        dispatch({ type: 'launched', number, executionId, shellNumber, status, now: Date.now() });
      ownCommands.answered(commandId);
    } catch (error) {
      readings.delete(number);
      const diagnosis = diagnose(error);
      if (diagnosis.failure !== 'unknown') ownCommands.answered(commandId);
      if (!signal.aborted) dispatch({ type: 'launch-failed', number, ...diagnosis });
    }
  }

  /** The output of another session's command; that it was skipped is the outcome's to say. */
  async function copyOutput(number: number, execution: ExecutionPort, until: AbortSignal): Promise<void> {
    let began = false;
    try {
      for await (const { stream, text } of execution.outputs(until)) {
        if (!began) dispatch({ type: 'output-began', number, now: Date.now() });
        began = true;
        await blocks.write(number, stream, text);
      }
    } catch (error) {
      if (!until.aborted) throw error;
    }
  }

  async function outcome(execution: ExecutionPort, reading: AbortController): Promise<ExitReport> {
    try {
      const { exitCode, ...rest } = await execution.result({ signal });
      return { kind: 'completed', exitStatus: exitCode, ...rest, skipped: reading.signal.aborted };
    } catch (error) {
      if (signal.aborted || !reading.signal.aborted) throw error;
      const { exitCode, ...rest } = await execution.end();
      return { kind: 'completed', exitStatus: exitCode, ...rest, skipped: true };
    }
  }

  async function follow(number: number, executionId: string): Promise<void> {
    const own = executions.get(number);
    const execution = own ?? shell.execution(executionId);
    const reading = readings.get(number) ?? new AbortController();
    readings.set(number, reading);
    try {
      if (own === undefined) show(number, execution);
      if (own === undefined) await copyOutput(number, execution, reading.signal);
      const report = await outcome(execution, reading);
      if (!signal.aborted) dispatch({ type: 'settled', number, report, now: Date.now() });
    } catch (error) {
      const report = { kind: 'lost', message: diagnose(error).message } as const;
      if (!signal.aborted) dispatch({ type: 'settled', number, report, now: Date.now() });
    } finally {
      executions.delete(number);
      waiting.delete(number);
      readings.delete(number);
    }
  }

  void watch();
  return {
    shell,
    launch: (what) => void launch(what),
    sendInput,
    follow: (number, executionId) => void follow(number, executionId),
    skipOutput: (number) => readings.get(number)?.abort(),
    interrupt: (executionId) =>
      void byId(executionId)
        .interrupt()
        .catch((error) => failed('Interrupt', error)),
    kill: (executionId) =>
      void byId(executionId)
        .kill()
        .then(refresh, (error) => failed('Kill', error)),
    cancel: (number, name, executionId) => void cancel(number, name, executionId),
    restore: () =>
      void shell.restore().then(
        ({ cwd, pid }) => {
          if (!signal.aborted) dispatch({ type: 'restored', cwd, pid });
        },
        (error) => failed('Restoring', error),
      ),
    askMissed: (after, upTo) => void askMissed(after, upTo),
    refresh: () => void refresh(),
    detach() {
      detached.abort();
      for (const reading of readings.values()) reading.abort();
    },
  };
}

function forgetOldest(map: Map<string, unknown>, most: number): void {
  for (const key of map.keys()) {
    if (map.size < most) return;
    map.delete(key);
  }
}
