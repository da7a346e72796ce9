import type { Candidate } from './candidate.ts';
import { commandWords, unquoted } from './command-words.ts';
import type { CompletionPlace } from './insert-completion.ts';
import { closingQuote } from './quote-name.ts';
import type { CompletedWord } from './word-at-cursor.ts';

/** What a completion function of bash is given. */
export interface CompspecQuery {
  /** The command's name, without quoting. */
  readonly name: string;
  /** From that name to the cursor: `COMP_LINE`. */
  readonly line: string;
  /** `COMP_WORDS`; the last one is at the cursor. */
  readonly words: readonly string[];
  /** What of it is to be completed. */
  readonly current: string;
  /** The directory in that, without quoting, and as it was typed. */
  readonly directory: string;
  readonly typedDirectory: string;
  /** The quote that is open before it; empty: none. */
  readonly quote: string;
}

/** What a completion function is asked, and where what it tells may go. */
export interface CompspecPlaces {
  readonly query: CompspecQuery;
  /** Cut at `=`, `:` and the like, as bash does. */
  readonly piece: CompletionPlace;
  /** Not cut. */
  readonly whole: CompletionPlace;
  /** The directory before a path's name, without quoting. */
  readonly directory: string;
}

/** UTF-16 units. Nobody types that; every word stands in the question. */
const LONGEST_COMMAND = 10_000;

/** @returns undefined when the word is no argument of a command, or what only the shell could expand stands in it */
export function compspecPlaces(
  text: string,
  cursor: number,
  word: CompletedWord,
): CompspecPlaces | undefined {
  const { command, directory } = word;
  if (command === undefined || cursor - command.from > LONGEST_COMMAND) return undefined;
  const line = text.slice(command.from, cursor);
  const found = commandWords(line);
  const typed = directory.map((part) =>
    part.type === 'literal' || part.type === 'tilde' ? part.text : undefined,
  );
  if (found === undefined || typed.includes(undefined)) return undefined;
  const { words, current, from, mode, base } = found;
  const piece: CompletionPlace = { from: command.from + from, cursor, mode, base, ending: 'space' };
  const all = unquoted(text.slice(command.word, cursor));
  const whole: CompletionPlace =
    all === undefined ? piece : { from: command.word, cursor, mode: 'bare', base: all, ending: 'space' };
  const query: CompspecQuery = {
    name: command.name,
    line,
    words,
    current,
    directory: upToSlash(base),
    typedDirectory: upToSlash(current),
    quote: closingQuote(mode),
  };
  return { query, piece, whole, directory: typed.join('') };
}

function upToSlash(path: string): string {
  return path.slice(0, path.lastIndexOf('/') + 1);
}

interface List {
  readonly candidates: readonly Candidate[];
  readonly more: boolean;
}

/**
 * What is offered, and where it goes: what a completion function told, else the paths. Of told paths the directory that is
 * there already is left out, as it is of our own.
 *
 * @param answer the paths, and what a completion function told
 * @param path where a path's name goes
 */
export function placeCompspec(
  answer: List & { readonly replies?: List | undefined },
  compspec: CompspecPlaces,
  path: CompletionPlace,
): List & { readonly place: CompletionPlace } {
  const { piece, whole, directory } = compspec;
  if (answer.replies === undefined) return { place: path, ...answer };
  const { candidates, more } = answer.replies;
  if (
    piece.base === directory + path.base &&
    candidates.every(({ kind, name }) => kind !== 'word' && name.startsWith(directory))
  ) {
    const names = candidates.map((one) => withoutDirectory(one, directory.length));
    return isAllPaths(names, answer) ? { place: path, ...answer } : { place: path, candidates: names, more };
  }
  for (const place of [piece, whole]) {
    const fitting = candidates.filter(({ name }) => name.startsWith(place.base));
    if (fitting.length > 0) return { place, candidates: fitting, more };
  }
  // It means something else by what was typed, and knows better.
  return { place: piece, candidates, more };
}

/**
 * Whether a completion function told no more than the paths that fit anyway: those know every name, and which are hidden.
 *
 * @param replies without their directory
 */
function isAllPaths(replies: readonly Candidate[], { candidates, more }: List): boolean {
  if (more) return false;
  // A name of several lines is told as several names.
  const known = new Set(candidates.flatMap(({ name }) => name.split('\n')));
  const names = new Set(replies.map(({ name }) => name));
  return (
    replies.every(({ name, ending }) => ending === undefined && (known.has(name) || name.startsWith('.'))) &&
    candidates.every(({ name, inBash }) => names.has(name) || inBash !== undefined || name.includes('\n'))
  );
}

function withoutDirectory(candidate: Candidate, length: number): Candidate {
  if (length === 0) return candidate;
  const { inBash: _, ...rest } = candidate;
  return { ...rest, name: candidate.name.slice(length) };
}
