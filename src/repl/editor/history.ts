import { createBuffer, type EditBuffer } from './edit-buffer.ts';

/**
 * Browsing through earlier commands with Up and Down. It begins with the first step to an older entry and ends when
 * the text is changed, or below the newest entry, where the draft comes back.
 */
export interface HistoryBrowsing {
  /** What was being typed, with its cursor. */
  readonly draft: EditBuffer;
  /** What stood left of the cursor when browsing began: only entries that begin with it are shown. */
  readonly prefix: string;
  readonly shown: ShownEntry;
}

/** The entries on the way down to the draft: going down takes exactly the way that was gone up. */
interface ShownEntry {
  readonly index: number;
  readonly text: string;
  readonly newer: ShownEntry | undefined;
}

export interface HistoryStep {
  /** undefined: back at the draft. */
  readonly browsing: HistoryBrowsing | undefined;
  readonly buffer: EditBuffer;
}

/**
 * The next older entry that fits and was not shown yet; undefined when there is none.
 *
 * @param entries oldest first. It may grow at its end while browsing goes on.
 */
export function olderEntry(
  entries: readonly string[],
  browsing: HistoryBrowsing | undefined,
  buffer: EditBuffer,
): HistoryStep | undefined {
  const draft = browsing?.draft ?? buffer;
  const prefix = browsing?.prefix ?? buffer.text.slice(0, buffer.cursor);
  const from = Math.min(browsing?.shown.index ?? entries.length, entries.length);
  for (let index = from - 1; index >= 0; index -= 1) {
    const text = entries[index];
    if (text === undefined || !text.startsWith(prefix)) continue;
    if (text === draft.text || wasShown(browsing?.shown, text)) continue;
    const shown = { index, text, newer: browsing?.shown };
    return { browsing: { draft, prefix, shown }, buffer: createBuffer(text) };
  }
  return undefined;
}

/** The entry shown before this one, or the draft behind the newest. */
export function newerEntry(browsing: HistoryBrowsing): HistoryStep {
  const { newer } = browsing.shown;
  if (newer === undefined) return { browsing: undefined, buffer: browsing.draft };
  return { browsing: { ...browsing, shown: newer }, buffer: createBuffer(newer.text) };
}

function wasShown(from: ShownEntry | undefined, text: string): boolean {
  for (let entry = from; entry !== undefined; entry = entry.newer) {
    if (entry.text === text) return true;
  }
  return false;
}
