export type Operator = 'd' | 'c' | 'y';

/** A command of normal mode, as it was typed. */
export interface ViCommand {
  /** 1 when none was typed; of an operator and its motion, the product. */
  readonly count: number;
  readonly counted: boolean;
  readonly operator: Operator | undefined;
  /** The key that says what to do (`x`, `i`) or where to go (`w`, `gg`); `line` for a doubled operator. */
  readonly name: string;
  /** The character of f, F, t, T and r. */
  readonly argument: string | undefined;
}

const OPERATORS = 'dcy';
const TAKES_CHARACTER = 'fFtTr';
const MAX_COUNT = 10_000;

export const motionKeys = [...'hl0^$wWbBeEfFtT;,jkG|', 'gg'];
export const otherKeys = [...'xXsSDCYpPrJ~uUiIaAoO.v/?'];

/**
 * Reads the keys typed so far.
 *
 * @returns `incomplete` while more keys are needed; `unknown` when no command begins like this.
 */
export function parseViCommand(keys: readonly string[]): ViCommand | 'incomplete' | 'unknown' {
  let index = 0;
  let counted = false;
  const readCount = () => {
    let digits = '';
    for (let key = keys[index]; key !== undefined && /^[0-9]$/.test(key); key = keys[index]) {
      // A zero that begins a number is the motion to the start of the line.
      if (digits === '' && key === '0') break;
      digits += key;
      index += 1;
    }
    counted ||= digits !== '';
    return digits === '' ? 1 : Math.min(MAX_COUNT, Number(digits));
  };

  let count = readCount();
  let operator: Operator | undefined;
  let key = keys[index];
  if (key === undefined) return 'incomplete';
  if (isOperator(key)) {
    operator = key;
    index += 1;
    count = Math.min(MAX_COUNT, count * readCount());
    key = keys[index];
    if (key === undefined) return 'incomplete';
    if (key === operator) return { count, counted, operator, name: 'line', argument: undefined };
  }
  if (key === 'g') {
    const second = keys[index + 1];
    if (second === undefined) return 'incomplete';
    return second === 'g' ? { count, counted, operator, name: 'gg', argument: undefined } : 'unknown';
  }
  if (key === ' ') key = 'l';
  const isKnown = motionKeys.includes(key) || (operator === undefined && otherKeys.includes(key));
  if (!isKnown) return 'unknown';
  if (!TAKES_CHARACTER.includes(key)) return { count, counted, operator, name: key, argument: undefined };
  const argument = keys[index + 1];
  return argument === undefined ? 'incomplete' : { count, counted, operator, name: key, argument };
}

function isOperator(key: string): key is Operator {
  return key.length === 1 && OPERATORS.includes(key);
}
