import { readParseError, type Verdict } from './parse-verdict.ts';

/** Resolves when the text is valid bash; rejects with the parser's error when not. */
export type ParseShell = (text: string) => Promise<unknown>;

export interface UnfinishedCheck {
  /** Never rejects: without a parser what needs one is refused, and `problem` says why. */
  examine(text: string): Promise<Verdict>;
  /** Loads the parser ahead (about 30 ms), so that the first Enter does not wait for it. */
  warmUp(): void;
  /** Why the parser could not be used the last time it was asked; undefined while it works. */
  readonly problem: string | undefined;
}

/** UTF-16 units. The parser takes 1 ms per KB on the main thread; what is longer is bash's to judge. */
const MAX_PARSED = 256 * 1024;

/** What keeps a text from being only words, options, paths, assignments and plain expansions. */
const MORE_THAN_WORDS = /[^\w\s./:=,+@%~?*^$-]|\$(?!\w)/;
const RESERVED_WORD =
  /\b(?:if|then|elif|else|fi|for|in|do|done|while|until|case|esac|select|function|coproc|time|let)\b/;

export function createUnfinishedCheck(load: () => Promise<ParseShell>): UnfinishedCheck {
  let problem: string | undefined;
  let loading: Promise<ParseShell | undefined> | undefined;

  function parser(): Promise<ParseShell | undefined> {
    loading ??= load().catch((error: unknown) => {
      problem = `The shell parser could not be loaded (${messageOf(error)}); lines are taken as they stand.`;
      return undefined;
    });
    return loading;
  }

  async function judge(parse: ParseShell, text: string): Promise<Verdict> {
    try {
      await parse(text);
      return { kind: 'finished' };
    } catch (error) {
      const verdict = readParseError(error);
      if (verdict === undefined) problem = `The shell parser gave up on a text (${messageOf(error)}).`;
      return verdict ?? { kind: 'refused' };
    }
  }

  return {
    async examine(text) {
      if (text.length > MAX_PARSED) return { kind: 'refused' };
      if (!MORE_THAN_WORDS.test(text) && !RESERVED_WORD.test(text)) return { kind: 'finished' };
      const parse = await parser();
      if (parse === undefined) return { kind: 'refused' };
      if (!endsInBackslash(text)) return judge(parse, text);
      // A quote in the place of the backslash stays open, unless it stands in a comment. An error somewhere else
      // changes nothing: bash, too, joins the next line before it complains.
      const { kind } = await judge(parse, `${text.slice(0, -1)}'`);
      return { kind: kind === 'finished' ? 'finished' : 'unfinished' };
    },
    warmUp() {
      void parser();
    },
    get problem() {
      return problem;
    },
  };
}

function endsInBackslash(text: string): boolean {
  let before = text.length;
  while (before > 0 && text[before - 1] === '\\') before -= 1;
  return (text.length - before) % 2 === 1;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/**
 * The check over sh-syntax, which must not be bundled: it reads its WASM file from beside itself, and esbuild drops a
 * script it needs ("Go is not defined"). The trial parse makes a missing file a failure to load.
 */
export const shellCheck: UnfinishedCheck = createUnfinishedCheck(async () => {
  const { parse } = await import('sh-syntax');
  await parse('true');
  return parse;
});
