import type { HistoryStore } from './history-store.ts';

/** ms. The other REPL may be about to write what it has typed. */
const AGAIN_MS = 1_000;

export interface TypedHere {
  /** Commands that ran on a shell and were not typed in this REPL. */
  ask(shell: string, executionIds: readonly string[]): void;
  stop(): void;
}

/**
 * Finds out which commands were typed in another REPL of this machine: their history is on this disk. One look at a time, and
 * one more a little later for what was not found.
 *
 * @param onTyped gets the ids of those that were
 */
export function createTypedHere(history: HistoryStore, onTyped: (ids: readonly string[]) => void): TypedHere {
  /** How often each was looked for. */
  const wanted = new Map<string, number>();
  let looking = false;
  let again: NodeJS.Timeout | undefined;

  async function look(shell: string): Promise<void> {
    looking = true;
    clearTimeout(again);
    const { commands } = await history.newest(shell);
    const typed = commands.flatMap(({ executionId, elsewhere }) =>
      executionId !== undefined && !elsewhere && wanted.delete(executionId) ? [executionId] : [],
    );
    for (const [id, looks] of wanted) {
      if (looks > 0) wanted.delete(id);
      else wanted.set(id, looks + 1);
    }
    looking = false;
    if (typed.length > 0) onTyped(typed);
    if (wanted.size > 0) again = setTimeout(() => void look(shell), AGAIN_MS);
  }

  return {
    ask(shell, executionIds) {
      for (const id of executionIds) wanted.set(id, 0);
      if (!looking && executionIds.length > 0) void look(shell);
    },
    stop() {
      wanted.clear();
      clearTimeout(again);
    },
  };
}
