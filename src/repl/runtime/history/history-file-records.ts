export interface HistoryEntry {
  /** When it was submitted, Unix time in ms. */
  readonly t: number;
  readonly cmd: string;
  /** The shell's working directory at that time, as far as known. */
  readonly cwd?: string;
  /** Its exit status, once it is known. */
  readonly exit?: number;
  /** Its execution, once it was launched. */
  readonly id?: string;
  /** It was not typed in a REPL of this machine. */
  readonly elsewhere?: true;
}

/** One entry as a line of NDJSON. */
export function encodeRecord({ t, cmd, cwd, exit, id, elsewhere }: HistoryEntry): string {
  return `${JSON.stringify({ t, cmd, cwd, exit, id, elsewhere })}\n`;
}

/** The entry of a line; undefined when the line is torn, or no entry. */
export function parseRecord(line: string): HistoryEntry | undefined {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    // A write that a full disk cut short, or somebody's editor: the other lines are as good as before.
    return undefined;
  }
  if (typeof value !== 'object' || value === null) return undefined;
  const { t, cmd, cwd, exit, id, elsewhere } = value as Record<string, unknown>;
  if (typeof t !== 'number' || typeof cmd !== 'string' || cmd === '') return undefined;
  return {
    t,
    cmd,
    ...(typeof cwd === 'string' ? { cwd } : {}),
    ...(typeof exit === 'number' ? { exit } : {}),
    ...(typeof id === 'string' ? { id } : {}),
    ...(elsewhere === true ? { elsewhere } : {}),
  };
}

/**
 * Makes entries of records that are read from the newest to the oldest. Records of the same command at the same time
 * are one entry: a later one brings the execution, and another the exit status.
 */
export class EntryCollector {
  readonly #byKey = new Map<string, HistoryEntry>();

  /** How many entries there are, before equal ones in a row are joined. */
  get size(): number {
    return this.#byKey.size;
  }

  /** @param record older than all that were added */
  add(record: HistoryEntry): void {
    const key = `${record.t} ${record.cmd}`;
    const newer = this.#byKey.get(key);
    this.#byKey.set(key, newer === undefined ? record : { ...record, ...newer });
  }

  /**
   * The entries by time, the newest `limit`. Of equal commands in a row, in one directory, the newest stays. What was
   * noted as run elsewhere by several REPLs, or turns out to be typed in another of this machine, is told once; how it
   * ended is known when one of them saw it.
   */
  entries(limit: number): HistoryEntry[] {
    const all = [...this.#byKey.values()].reverse().sort((a, b) => a.t - b.t);
    // Loops, not flatMap: of 100,000 entries each small array would be felt as a pause.
    const told = new Set<string>();
    const seenToEnd = new Map<string, number>();
    for (const { id, elsewhere, exit } of all) {
      if (id === undefined) continue;
      if (!elsewhere) told.add(id);
      else if (exit !== undefined) seenToEnd.set(id, exit);
    }
    const entries: HistoryEntry[] = [];
    for (const entry of all) {
      if (entry.elsewhere && entry.id !== undefined) {
        if (told.has(entry.id)) continue;
        told.add(entry.id);
      }
      const last = entries.at(-1);
      if (last?.cmd === entry.cmd && last.cwd === entry.cwd) entries.pop();
      const exit = entry.exit ?? seenToEnd.get(entry.id ?? '');
      entries.push(exit === entry.exit || exit === undefined ? entry : { ...entry, exit });
    }
    return entries.slice(-limit);
  }
}
