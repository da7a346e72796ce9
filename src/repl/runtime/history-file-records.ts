export interface HistoryEntry {
  /** When it was submitted, Unix time in ms. */
  readonly t: number;
  readonly cmd: string;
  /** The shell's working directory at that time, as far as known. */
  readonly cwd?: string;
  /** Its exit status, once it is known. */
  readonly exit?: number;
}

/** One entry as a line of NDJSON. */
export function encodeRecord({ t, cmd, cwd, exit }: HistoryEntry): string {
  return `${JSON.stringify({ t, cmd, cwd, exit })}\n`;
}

/** The entries of a file's text, in its order. Lines that are torn or no entries are left out. */
export function parseRecords(text: string): HistoryEntry[] {
  const entries: HistoryEntry[] = [];
  for (const line of text.split('\n')) {
    const entry = line === '' ? undefined : parseRecord(line);
    if (entry !== undefined) entries.push(entry);
  }
  return entries;
}

function parseRecord(line: string): HistoryEntry | undefined {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    // A write that a full disk cut short, or somebody's editor: the other lines are as good as before.
    return undefined;
  }
  if (typeof value !== 'object' || value === null) return undefined;
  const { t, cmd, cwd, exit } = value as Record<string, unknown>;
  if (typeof t !== 'number' || typeof cmd !== 'string' || cmd === '') return undefined;
  return {
    t,
    cmd,
    ...(typeof cwd === 'string' ? { cwd } : {}),
    ...(typeof exit === 'number' ? { exit } : {}),
  };
}

/**
 * What the history shows: records of the same command at the same time are one entry (the second one brings the
 * exit status), and of equal commands in a row the newest stays.
 */
export function mergeRecords(records: readonly HistoryEntry[]): HistoryEntry[] {
  const byKey = new Map<string, HistoryEntry>();
  for (const record of records) {
    const key = `${record.t} ${record.cmd}`;
    byKey.set(key, { ...byKey.get(key), ...record });
  }
  const entries: HistoryEntry[] = [];
  for (const entry of byKey.values()) {
    if (entries.at(-1)?.cmd === entry.cmd) entries.pop();
    entries.push(entry);
  }
  return entries;
}
