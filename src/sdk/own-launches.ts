import { RecentIds } from './recent-ids.ts';

/** Of so many launches the text is kept, to list them while the service's logs lag behind. */
const MOST_RECENT = 100;

export interface OwnLaunch {
  readonly executionId: string;
  readonly command: string;
  /** Unix time, ms, of this machine's clock. */
  readonly launchedAtMs: number;
}

/** What was launched through one NamedShell object: tells own commands from others'. */
export class OwnLaunches {
  readonly #ids = new RecentIds();
  #recent: OwnLaunch[] = [];

  add(executionId: string, command: string): void {
    if (this.#ids.has(executionId)) return;
    this.#ids.add(executionId);
    this.#recent.push({ executionId, command, launchedAtMs: Date.now() });
    if (this.#recent.length > MOST_RECENT) this.#recent = this.#recent.slice(-MOST_RECENT);
  }

  has(executionId: string | undefined): boolean {
    return executionId !== undefined && this.#ids.has(executionId);
  }

  /** The latest, oldest first. */
  get recent(): readonly OwnLaunch[] {
    return this.#recent;
  }
}
