import { type CompletionRows, completionRows } from './completion-rows.ts';
import { type QueueLine, queueLine } from './queue-line.ts';
import { type SearchRows, searchRows } from './search-rows.ts';
import type { ReplState } from './state.ts';

/** What the live frame may show: it must never reach the screen's height, or the terminal's scrollback suffers. */
export interface Frame {
  readonly queue: readonly QueueLine[];
  /** Commands that have no row of their own. */
  readonly more: number;
  /** There while the history is searched. */
  readonly search: SearchRows | undefined;
  /** There while completions are chosen from. */
  readonly menu: CompletionRows | undefined;
  readonly editorRows: number;
  readonly showPartial: boolean;
  readonly showStatus: boolean;
}

const MOST_QUEUE_ROWS = 6;
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
  const wanted = state.entries.length;
  // What runs and a count of the rest, even on a screen of six rows.
  const chooses = state.search !== undefined || state.completion?.phase === 'menu';
  const mostAtAll = chooses ? QUEUE_ROWS_WHILE_CHOOSING : MOST_QUEUE_ROWS;
  const most = Math.min(mostAtAll, Math.max(Math.floor(free / 2), Math.min(2, free)));
  const queueRows = wanted <= most ? wanted : Math.max(0, most - 1);
  free -= Math.min(wanted, most);
  const search = searchRows(state, free);
  const menu = completionRows(state, Math.min(free, Math.max(1, free - EDITOR_ROWS_WHILE_CHOOSING)));
  free -= menu?.rows.length ?? 0;
  return {
    search,
    menu,
    queue: state.entries.slice(0, queueRows).map((entry) => queueLine(entry, state)),
    more: most === 0 ? 0 : wanted - queueRows,
    editorRows: search === undefined ? 1 + Math.max(0, free) : 1,
    showPartial,
    showStatus,
  };
}
