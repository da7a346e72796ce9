import { type Candidate, commonPrefix } from './candidate.ts';
import { closingQuote, isOneWord, type QuoteMode, quoteCandidate, quoteName } from './quote-name.ts';

/** Where a completion goes. */
export interface CompletionPlace {
  /** UTF-16 indexes: what is replaced. */
  readonly from: number;
  readonly cursor: number;
  /** Undefined: nothing is quoted, as in a `:command`. */
  readonly mode: QuoteMode | undefined;
  readonly base: string;
  /** What is put behind a whole name. */
  readonly ending: 'space' | 'brace' | 'none';
}

export interface Replacement {
  readonly from: number;
  readonly to: number;
  readonly text: string;
}

/** Puts a whole name there: behind a directory a slash, behind a file the closing quote and a space. */
export function insertCandidate(text: string, place: CompletionPlace, candidate: Candidate): Replacement {
  const { from, cursor, mode } = place;
  const ending = candidate.ending ?? place.ending;
  const asItIs = mode === undefined || (isLiteral(candidate, mode) && isOneWord(candidate.name));
  const name = asItIs ? candidate.name : quoteCandidate(candidate, mode);
  if (candidate.kind === 'directory') return joined(text, { from, to: cursor, text: name }, '/');
  if (ending === 'brace') return joined(text, { from, to: cursor, text: name }, '}');
  if (ending === 'none') return { from, to: cursor, text: name };
  const closed = joined(text, { from, to: cursor, text: name }, closingQuote(mode ?? 'bare'));
  return joined(text, closed, ' ');
}

/**
 * Puts what all candidates begin with there; the quotes stay open.
 *
 * @returns undefined when that is not more than what was typed
 */
export function insertPrefix(
  { from, cursor, mode, base }: CompletionPlace,
  candidates: readonly Candidate[],
): Replacement | undefined {
  const prefix = commonPrefix(candidates);
  if (prefix.length <= base.length) return undefined;
  const asItIs = mode === undefined || (candidates.every((one) => isLiteral(one, mode)) && isOneWord(prefix));
  return { from, to: cursor, text: asItIs ? prefix : quoteName(prefix, mode) };
}

/** Within quotes, what stands for itself outside them may not. */
function isLiteral({ literal }: Candidate, mode: QuoteMode): boolean {
  return literal === true && mode === 'bare';
}

/** What already stands behind the cursor is not put there again. */
function joined(text: string, { from, to, text: inserted }: Replacement, ending: string): Replacement {
  const isThere = ending !== '' && text.startsWith(ending, to);
  return { from, to: isThere ? to + ending.length : to, text: inserted + ending };
}
