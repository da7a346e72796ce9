import { type CompletionRows, completionRows } from './completion/completion-rows.ts';
import { type SearchRows, searchRows } from './history/search-rows.ts';
import { type QueueLine, queueLine } from './queue/queue-line.ts';
import type { ReplState } from './state.ts';

/** What the live frame may show: it must never reach the screen's height, or the terminal's scrollback suffers. */
export interface Frame {
  readonly queue: readonly QueueLine[];
  /** Commands before and behind them that have no row of their own. */
  readonly above: number;
  readonly more: number;
  /** Of those behind, so many are on this side only. */
  readonly moreHere: number;
  /** There while the history is searched. */
  readonly search: SearchRows | undefined;
  /** There while completions are chosen from. */
  readonly menu: CompletionRows | undefined;
  readonly editorRows: number;
  readonly showPartial: boolean;
  readonly showStatus: boolean;
}

const MOST_QUEUE_ROWS = 6;
/** While the queue has the keys. */
const MOST_ROWS_IN_QUEUE = 12;
/** Of the queue, while the history is searched or a completion chosen: what runs, and a count of the rest. */
const QUEUE_ROWS_WHILE_CHOOSING = 2;

/** Of the entry, when there is room for more than one row of the menu: those around the cursor. */
const EDITOR_ROWS_WHILE_CHOOSING = 2;

/** Shares the rows out: the prompt first, then the queue, the status line, the unfinished line of output. */
export function frame(state: ReplState): Frame {
  // One row stays free: a frame as high as the screen makes the terminal scroll.
  let free = Math.max(1, state.rows - 1);
  free -= 1;
  const showStatus = free >= 2;
  if (showStatus) free -= 1;
  if (state.notice !== undefined && free > 0) free -= 1;
  const showPartial = state.partial !== '' && free > 1;
  if (showPartial) free -= 1;
  const { entries, queueFocus } = state;
  // What runs and a count of the rest, even on a screen of six rows.
  const chooses = state.search !== undefined || state.completion?.phase === 'menu';
  const mostAtAll = chooses ? QUEUE_ROWS_WHILE_CHOOSING : MOST_QUEUE_ROWS;
  const most =
    queueFocus === undefined
      ? Math.min(mostAtAll, Math.max(Math.floor(free / 2), Math.min(2, free)))
      : Math.min(MOST_ROWS_IN_QUEUE, free);
  const queue = queueWindow(state, most);
  free -= queue.rows;
  const search = searchRows(state, free);
  const menu = completionRows(state, Math.min(free, Math.max(1, free - EDITOR_ROWS_WHILE_CHOOSING)));
  free -= menu?.rows.length ?? 0;
  return {
    search,
    menu,
    queue: entries.slice(queue.from, queue.to).map((entry) => queueLine(entry, state)),
    above: queue.from,
    more: most === 0 ? 0 : entries.length - queue.to,
    moreHere: entries.slice(queue.to).filter(({ phase }) => phase === 'unsent').length,
    editorRows: search === undefined ? 1 + Math.max(0, free) : 1,
    showPartial,
    showStatus,
  };
}

/** Which commands have a row; the counts of the others take one each. Around the selected one, else from the first on. */
function queueWindow(
  { entries, queueFocus }: ReplState,
  most: number,
): { from: number; to: number; rows: number } {
  const all = entries.length;
  if (all <= most) return { from: 0, to: all, rows: all };
  const selected = entries.findIndex(({ number }) => number === queueFocus);
  if (selected < most - 1) {
    const to = Math.max(0, most - 1);
    return { from: 0, to, rows: most };
  }
  if (most < 3) return { from: selected, to: selected + 1, rows: Math.max(1, most) };
  const room = most - 2;
  const from = Math.max(0, Math.min(selected - Math.floor(room / 2), all - room - 1));
  // With the last one in sight no count is needed below it.
  return selected >= all - room
    ? { from: all - room - 1, to: all, rows: most }
    : { from, to: from + room, rows: most };
}
