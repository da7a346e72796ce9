import type { EditBuffer } from './edit-buffer.ts';

/** Whole buffers, the nearest last. Strings are shared with the buffer, but a large text costs its size per step. */
export interface UndoStack {
  readonly past: readonly EditBuffer[];
  readonly future: readonly EditBuffer[];
}

export const emptyUndo: UndoStack = { past: [], future: [] };

const MAX_STEPS = 500;
/** UTF-16 units held by all steps together: 500 steps in a text of 1 MB would otherwise hold 500 MB. */
const MAX_UNITS = 16 * 1024 * 1024;

/** Remembers the buffer as it was before a change. What was undone can then no longer be done again. */
export function rememberStep(stack: UndoStack, before: EditBuffer): UndoStack {
  return { past: bounded([...stack.past, before]), future: [] };
}

/** The step back and the stack behind it; undefined when nothing is left. */
export function stepBack(stack: UndoStack, now: EditBuffer): [EditBuffer, UndoStack] | undefined {
  const before = stack.past.at(-1);
  if (before === undefined) return undefined;
  return [before, { past: stack.past.slice(0, -1), future: [...stack.future, now] }];
}

export function stepForward(stack: UndoStack, now: EditBuffer): [EditBuffer, UndoStack] | undefined {
  const after = stack.future.at(-1);
  if (after === undefined) return undefined;
  return [after, { past: [...stack.past, now], future: stack.future.slice(0, -1) }];
}

/** The newest step always stays, however large. */
function bounded(steps: readonly EditBuffer[]): readonly EditBuffer[] {
  let units = 0;
  let first = steps.length - 1;
  units += steps[first]?.text.length ?? 0;
  while (first > 0 && steps.length - first < MAX_STEPS) {
    units += steps[first - 1]?.text.length ?? 0;
    if (units > MAX_UNITS) break;
    first -= 1;
  }
  return first <= 0 ? steps : steps.slice(first);
}
