/** What the parser makes of a text. */
export interface Verdict {
  /**
   * `refused`: an error in the syntax, or something that the parser does not master (`((` that opens two subshells,
   * for one) or is not asked about (too long). Only bash can tell which, so a refused text goes to bash.
   */
  readonly kind: 'finished' | 'unfinished' | 'refused';
  /**
   * A text that must still come before an unfinished one can be finished (`fi`, a quote, a heredoc's delimiter).
   * It saves parsing: a further line without it cannot finish the command. Left out when nothing single is missing.
   */
  readonly awaits?: string;
}

/** sh-syntax's ParseError; `Pos` is missing when its program broke off without an answer. */
interface ShellParseError {
  readonly Text: string;
  readonly Incomplete: boolean;
  readonly Pos: object;
}

/** What the parser says when something is missing at the end, and in which group it names the missing token. */
const NAMED_TOKENS: readonly RegExp[] = [
  /^unclosed here-document `(.+)`$/s,
  /^reached EOF without closing quote ["`](.)["`]$/,
  /^reached EOF without matching `.+` with `(.).*`$/,
  / must (?:end with|be followed by) `(then|do|in|fi|done|esac)`$/,
];

/**
 * Reads the parser's error: is only something missing at the end? Some answers of the parser are corrected: an open
 * heredoc is "incomplete" for it only when its delimiter is not quoted and a body has begun; and it calls `echo >` and
 * `a=(1) b` incomplete, which nothing behind them would finish.
 *
 * @returns undefined when the error is none of the parser's own.
 */
export function readParseError(error: unknown): Verdict | undefined {
  if (!isShellParseError(error)) return undefined;
  const { Text: message, Incomplete: incomplete } = error;
  if (/ must be followed by a word$|^inline variables cannot be arrays$/.test(message))
    return { kind: 'refused' };
  if (!incomplete && !message.startsWith('unclosed here-document ')) return { kind: 'refused' };
  const awaits = NAMED_TOKENS.map((named) => named.exec(message)?.[1]).find((token) => token !== undefined);
  return awaits === undefined ? { kind: 'unfinished' } : { kind: 'unfinished', awaits };
}

function isShellParseError(error: unknown): error is ShellParseError {
  return (
    error instanceof Error &&
    'Text' in error &&
    typeof error.Text === 'string' &&
    'Incomplete' in error &&
    typeof error.Incomplete === 'boolean' &&
    'Pos' in error &&
    error.Pos !== undefined
  );
}
