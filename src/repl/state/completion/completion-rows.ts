import stringWidth from 'string-width';
import type { Candidate } from '../../editor/completion/candidate.ts';
import type { ReplState } from '../state.ts';

/** What the live frame shows of the menu of completions, above the prompt. */
export interface CompletionRows {
  readonly rows: readonly (readonly MenuCell[])[];
  /** Cells of a column, the gap behind it included. */
  readonly cellWidth: number;
}

export interface MenuCell {
  readonly candidate: Candidate;
  readonly selected: boolean;
}

const MOST_ROWS = 8;
const GAP = 2;
/** The mark of what is selected. */
const MARK = 2;
/** Longer names are cut rather than given a screen's width each. */
const WIDEST = 40;
/** The rest of a long list is not measured: the width is a matter of looks. */
const MOST_MEASURED = 500;

/** @param columns of the screen */
export function menuColumns(candidates: readonly Candidate[], columns: number): number {
  return Math.max(1, Math.floor(room(columns) / cellWidth(candidates, columns)));
}

function cellWidth(candidates: readonly Candidate[], columns: number): number {
  let widest = 1;
  for (const { name } of candidates.slice(0, MOST_MEASURED)) {
    widest = Math.max(widest, Math.min(WIDEST, stringWidth(name.slice(0, WIDEST * 2)) + 1));
  }
  return Math.min(room(columns), MARK + widest + GAP);
}

/** Less than the screen has, as for every row of the frame: one made narrower wraps what no longer fits. */
function room(columns: number): number {
  return Math.max(1, Math.min(columns - 1, Math.max(39, Math.floor(columns * 0.75))));
}

/** @param free rows that the frame may still take */
export function completionRows({ completion, columns }: ReplState, free: number): CompletionRows | undefined {
  if (completion?.phase !== 'menu') return undefined;
  const { candidates, selected } = completion;
  const across = menuColumns(candidates, columns);
  const rows = Math.max(0, Math.min(MOST_ROWS, free));
  const current = Math.floor(selected / across);
  const first = Math.max(0, current - rows + 1);
  return {
    cellWidth: cellWidth(candidates, columns),
    rows: Array.from({ length: rows }, (_, row) =>
      candidates
        .slice((first + row) * across, (first + row + 1) * across)
        .map((candidate, column) => ({ candidate, selected: (first + row) * across + column === selected })),
    ).filter((cells) => cells.length > 0),
  };
}

/** In the place of the status line; undefined while there is nothing to say. */
export function completionStatus({ completion, columns }: ReplState): string | undefined {
  if (completion === undefined || completion.phase === 'several') return undefined;
  if (completion.phase === 'asked') {
    const { waits } = completion;
    if (waits === 0) return undefined;
    return `${SPINNER[waits % SPINNER.length]} completing … any key goes on without`;
  }
  const { candidates, selected, more } = completion;
  const kind = candidates[selected]?.kind;
  const what = kind === undefined || kind === 'word' ? '' : ` · ${kind}`;
  const where = `${selected + 1}/${candidates.length}${more ? '+' : ''}${what}`;
  const keys = MENU_KEYS.find((text) => where.length + text.length <= columns) ?? '';
  return where + keys;
}

/** As much as fits. */
const MENU_KEYS = [' · Enter takes · Tab next · Esc', ' · Enter takes · Esc'];

const SPINNER = ['◐', '◓', '◑', '◒'];
