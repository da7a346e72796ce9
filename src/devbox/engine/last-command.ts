import type { RunningCommand, RunRequest } from './running-command.ts';

/** The command that bash was given last by a server that is dead. */
export interface LastCommand {
  tag: string | undefined;
  command: RunningCommand;
}

/** The sinks for the command that was launched with this `tag`; without any its output is dropped. See `RunRequest`. */
export type SinksOf = (tag: string | undefined) => Pick<RunRequest, 'stdout' | 'stderr' | 'late'> | undefined;
