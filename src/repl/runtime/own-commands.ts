import { v7 as uuidv7 } from 'uuid';
import type { MissedCommand, ShellNews, ShellReport } from '../state/event.ts';

interface Named {
  readonly commandId?: string | undefined;
  readonly own?: number | undefined;
}

/**
 * Tells own commands from others' before the devbox has answered their launch, and when it never does: each is sent with an id,
 * which the devbox tells along with the command. Where it does not, nobody is taken for somebody else by the text alone.
 */
export class OwnCommands {
  readonly #numbers = new Map<string, number>();

  /** @param number of the line that is sent under this id */
  newId(number: number): string {
    const id = uuidv7();
    this.#numbers.set(id, number);
    return id;
  }

  /** From now on its execution's id tells. */
  answered(id: string): void {
    this.#numbers.delete(id);
  }

  inReport<T extends ShellReport>(report: T): T {
    return { ...report, queue: report.queue.map((item) => this.#withOwn(item)) };
  }

  inNews(news: ShellNews): ShellNews {
    if (news.kind === 'queued') return this.#withOwn(news);
    return news.kind === 'snapshot' && news.report ? { ...news, report: this.inReport(news.report) } : news;
  }

  inMissed(commands: readonly MissedCommand[]): readonly MissedCommand[] {
    return commands.map((command) => this.#withOwn(command));
  }

  #withOwn<T extends Named>(told: T): T {
    const own = told.commandId === undefined ? undefined : this.#numbers.get(told.commandId);
    return own === undefined ? told : { ...told, own };
  }
}
