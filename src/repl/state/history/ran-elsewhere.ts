import type { PastCommand } from '../../editor/past-command.ts';
import type { Remembered } from '../effect.ts';
import type { ShellCommand } from '../event.ts';
import type { ExitReport } from '../exit-report.ts';
import type { Entry } from '../queue/entry.ts';
import type { ReplState } from '../state.ts';
import { type Step, step } from '../step.ts';
import { addPast, completePast } from './past.ts';

/** What is longer was written by a program, and is nothing to be found again, UTF-16 units. */
const LONGEST = 16 * 1024;

/** What the devbox tells of the shell's past: the history takes what was not typed in a REPL of this machine. */
export function ranElsewhere(state: ReplState, ran: readonly ShellCommand[]): Step {
  const { devbox, commands } = state.past;
  const known = new Set(commands.flatMap(({ executionId }) => executionId ?? []));
  for (const { executionId } of state.entries) if (executionId !== undefined) known.add(executionId);
  // Their ids are on the way.
  const launching = new Set(
    state.entries.flatMap((entry) => (entry.phase === 'launching' ? [entry.command] : [])),
  );
  const news = ran
    .filter(
      ({ executionId, command }) => !known.has(executionId) && !launching.has(command) && isKept(command),
    )
    .map(
      ({ executionId, command, sentAt, exitStatus }): PastCommand => ({
        command,
        at: sentAt,
        devbox,
        shell: state.shell.name,
        executionId,
        elsewhere: true,
        ...(exitStatus === undefined ? {} : { exitStatus }),
      }),
    );
  if (news.length === 0) return step(state);
  const merged = [...commands, ...news].sort((a, b) => a.at - b.at);
  return step(
    { ...state, past: { ...state.past, commands: merged } },
    { type: 'remember', lines: news.map(asLine) },
  );
}

/** A command of another session, or of an earlier REPL, has ended here before our eyes. */
export function endedElsewhere(state: ReplState, entry: Entry, report: ExitReport): Step {
  const { command, executionId, startedAt } = entry;
  const exitStatus = report.kind === 'completed' ? report.exitStatus : null;
  if (entry.origin !== 'elsewhere' || executionId === undefined || exitStatus === null) return step(state);
  const known = state.past.commands.findLast((past) => past.executionId === executionId);
  if (known !== undefined) {
    const line = { ...asLine(known), exitStatus };
    return step(completePast(state, line), { type: 'remember', lines: [line] });
  }
  if (!isKept(command)) return step(state);
  const at = startedAt ?? state.now;
  const added = { command, at, executionId, exitStatus, elsewhere: true } as const;
  const line: Remembered = { command, typedAt: at, executionId, exitStatus, elsewhere: true };
  return step(addPast(state, added), { type: 'remember', lines: [line] });
}

/** It turned out that they were typed in another REPL of this machine. */
export function typedHere(state: ReplState, executionIds: readonly string[]): ReplState {
  const ids = new Set(executionIds);
  const commands = state.past.commands.map((past) => {
    if (past.executionId === undefined || !ids.has(past.executionId)) return past;
    const { elsewhere: _, ...typed } = past;
    return typed;
  });
  return { ...state, past: { ...state.past, commands } };
}

function isKept(command: string): boolean {
  return !command.startsWith(' ') && command.trim() !== '' && command.length <= LONGEST;
}

function asLine({ command, at, executionId, exitStatus, elsewhere }: PastCommand): Remembered {
  return {
    command,
    typedAt: at,
    ...(executionId === undefined ? {} : { executionId }),
    ...(exitStatus === undefined ? {} : { exitStatus }),
    ...(elsewhere === undefined ? {} : { elsewhere }),
  };
}
