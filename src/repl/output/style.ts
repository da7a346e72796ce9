import { safeFields, sgrSequence } from './safe-sgr.ts';

/** What text looks like at some point: a value, so that cells and lines can hold on to it. */
export interface Style {
  /** The sequences that set it on a terminal in its default style; '' for the default. */
  readonly open: string;
  /** What stands in each slot, `1` under `bold`, `38;5;9` under `foreground`. */
  readonly slots: ReadonlyMap<string, string>;
}

export const DEFAULT_STYLE: Style = { open: '', slots: new Map() };
const RESET = '\x1b[0m';

/** Transitions met lately: nearly every sequence of a program's output repeats one. */
const known = new Map<string, Style>();
const KNOWN_MAX = 4096;

/** The style after an SGR sequence with these parameters (`1;31`), as a sanitiser lets them through. */
export function applySgr(style: Style, parameters: string): Style {
  if (parameters === '0') return DEFAULT_STYLE;
  const key = `${style.open}m${parameters}`;
  const cached = known.get(key);
  if (cached !== undefined) return cached;
  const slots = new Map(style.slots);
  for (const field of safeFields(parameters)) applyField(slots, field);
  const next = slots.size === 0 ? DEFAULT_STYLE : { open: sgrSequence([...slots.values()]), slots };
  if (known.size >= KNOWN_MAX) known.clear();
  known.set(key, next);
  return next;
}

const SLOT_OF_CODE: Readonly<Record<string, string>> = {
  1: 'bold',
  2: 'faint',
  3: 'italic',
  4: 'underline',
  21: 'underline',
  5: 'blink',
  6: 'blink',
  7: 'inverse',
  9: 'strike',
  53: 'overline',
  73: 'script',
  74: 'script',
};

const SLOTS_CLEARED_BY: Readonly<Record<string, readonly string[]>> = {
  22: ['bold', 'faint'],
  23: ['italic'],
  24: ['underline'],
  '4:0': ['underline'],
  25: ['blink'],
  27: ['inverse'],
  29: ['strike'],
  39: ['foreground'],
  49: ['background'],
  55: ['overline'],
  59: ['underline colour'],
  75: ['script'],
};

function applyField(slots: Map<string, string>, field: string): void {
  const cleared = SLOTS_CLEARED_BY[field];
  if (field === '0') slots.clear();
  else if (cleared !== undefined) for (const slot of cleared) slots.delete(slot);
  else slots.set(slotOf(field), field);
}

function slotOf(field: string): string {
  const slot = SLOT_OF_CODE[field];
  if (slot !== undefined) return slot;
  if (field.startsWith('4:')) return 'underline';
  if (field.startsWith('58:')) return 'underline colour';
  return /^(4\d|10\d)/.test(field) ? 'background' : 'foreground';
}

/** A stretch of text in one style. */
export interface Run {
  readonly text: string;
  readonly style: Style;
}

/** The runs as text that needs no style before it and leaves none behind. */
export function renderRuns(runs: readonly Run[]): string {
  let out = '';
  let drawn = DEFAULT_STYLE.open;
  for (const { text, style } of runs) {
    if (style.open !== drawn) {
      if (drawn !== '') out += RESET;
      out += style.open;
      drawn = style.open;
    }
    out += text;
  }
  return drawn === '' ? out : out + RESET;
}
