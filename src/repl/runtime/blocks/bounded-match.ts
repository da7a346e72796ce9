import vm from 'node:vm';

/** A line that matches, and the first part of it that does, UTF-16 indexes. */
export interface LineMatch {
  readonly line: number;
  readonly start: number;
  readonly end: number;
}

/**
 * How long a pattern may take for some kilobytes of lines, ms. They take less than one, unless it backtracks without
 * end; no key is read meanwhile.
 */
const MOST_MS = 250;

/**
 * Matches lines against a pattern that somebody typed. V8 gives a regular expression no time limit, and one such as
 * `(a+)+$` takes longer than anyone lives; what runs in a context of its own can be ended.
 *
 * @throws an error with code `ERR_SCRIPT_EXECUTION_TIMEOUT` when it takes too long
 */
export function createMatcher(pattern: string, flags: string): (lines: readonly string[]) => LineMatch[] {
  const global: { expression: RegExp; lines: readonly string[] } = {
    expression: new RegExp(pattern, flags),
    lines: [],
  };
  vm.createContext(global);
  // A global of such a context is slow to read: each is read once.
  const script = new vm.Script(`((expression, lines) => {
    const found = [];
    for (let line = 0; line < lines.length; line++) {
      const match = expression.exec(lines[line]);
      if (match !== null) found.push({ line, start: match.index, end: match.index + match[0].length });
    }
    return found;
  })(expression, lines)`);
  return (lines) => {
    global.lines = lines;
    return script.runInContext(global, { timeout: MOST_MS }) as LineMatch[];
  };
}

export function tookTooLong(error: unknown): boolean {
  return (error as NodeJS.ErrnoException).code === 'ERR_SCRIPT_EXECUTION_TIMEOUT';
}
