import type { ShellCommand } from '../../sdk/shell-commands.ts';
import { historyLineOf } from '../json/history-line.ts';
import type { WatchLine } from '../json/watch-line.ts';

/** How far a command has come. */
const RANK = { queued: 1, running: 2, completed: 3, unknown: 3 } as const;
/** Of so many commands it is known: what ended long ago does not change any more. */
const MOST_KNOWN = 3_000;

interface Known {
  readonly number: number | null;
  readonly rank: number;
}

/** How far each command of a shell was told of: so that whatever tells of it again, it is shown once. */
export class KnownCommands {
  readonly #known = new Map<string, Known>();

  constructor(commands: Iterable<ShellCommand>) {
    for (const command of commands) this.#set(keyOf(command), command.number, RANK[command.status]);
  }

  number(executionId: string): number | null {
    return this.#known.get(executionId)?.number ?? null;
  }

  /** @returns whether this is news */
  comesTo(executionId: string, status: 'queued' | 'running' | 'completed', number?: number): boolean {
    const before = this.#known.get(executionId);
    if (before !== undefined && before.rank >= RANK[status]) return false;
    this.#set(executionId, number ?? before?.number, RANK[status]);
    return true;
  }

  /** What became of the commands since they were told of last. */
  *changes(commands: Iterable<ShellCommand>): Generator<WatchLine, void> {
    for (const command of commands) {
      const before = this.#known.get(keyOf(command))?.rank ?? 0;
      const now = RANK[command.status];
      if (now <= before) continue;
      this.#set(keyOf(command), command.number, now);
      yield* linesOf(command, before, now);
    }
  }

  #set(key: string, number: number | null | undefined, rank: number): void {
    this.#known.set(key, { number: number ?? null, rank });
    const [oldest] = this.#known.keys();
    if (this.#known.size > MOST_KNOWN && oldest !== undefined) this.#known.delete(oldest);
  }
}

/** Its place in the log, where that has no ids. */
const keyOf = ({ executionId, number }: ShellCommand) => executionId ?? `#${number}`;

function* linesOf(command: ShellCommand, before: number, now: number): Generator<WatchLine, void> {
  const line = historyLineOf(command);
  const { number, execution_id, exit_status, end_reason, duration_ms } = line;
  const about = { number, execution_id };
  const at = (time: number | null) => time ?? Date.now();
  if (before < RANK.queued) {
    yield { type: 'queued', time_ms: at(line.queued_at_ms), ...about, command: line.command };
  }
  const began = line.started_at_ms !== null || now === RANK.running;
  if (before < RANK.running && began) yield { type: 'started', time_ms: at(line.started_at_ms), ...about };
  if (now < RANK.completed) return;
  const time_ms = at(line.ended_at_ms);
  if (end_reason === 'cancelled') yield { type: 'cancelled', time_ms, ...about, message: null };
  else yield { type: 'completed', time_ms, ...about, exit_status, end_reason, message: null, duration_ms };
}
