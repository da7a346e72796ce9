import type { QuoteMode } from './quote-name.ts';
import type { WordParts } from './word-parts.ts';

/** The simple command that a word belongs to: in `a; sudo git che` that is `git`. */
export interface CommandStart {
  /** Without quoting, where it has no variables. */
  readonly name: string;
  /** UTF-16 index of its name. */
  readonly from: number;
  /** UTF-16 index of the word itself. */
  readonly word: number;
}

/** Code between two borders: all of it, or what stands in `$(…)`, `` `…` ``, `(…)`. */
export interface Level {
  readonly closer: ')' | '`' | undefined;
  /** In the text that this one is in. */
  readonly mode: QuoteMode;
  word: WordParts | undefined;
  expectsCommand: boolean;
  redirects: boolean;
  command: Omit<CommandStart, 'word'> | undefined;
  /** `sudo` and the like, that a command may follow; or options of its own. */
  prefix: Omit<CommandStart, 'word'> | undefined;
}

/** After these a command follows. */
const BEFORE_COMMAND = new Set(
  'if then elif else while until do ! { time coproc sudo doas command builtin exec env nohup nice xargs'.split(
    ' ',
  ),
);

const AT_START = {
  word: undefined,
  expectsCommand: true,
  redirects: false,
  command: undefined,
  prefix: undefined,
};

export function newLevel(closer: Level['closer'], mode: QuoteMode): Level {
  return { closer, mode, ...AT_START };
}

/** A separator: what follows is the next command. */
export function beginCommand(level: Level): void {
  Object.assign(level, AT_START);
}

/**
 * What stands there ends the word at which the level is, if it is at one.
 *
 * @param index of the first character behind it
 */
export function endWord(level: Level, text: string, index: number): void {
  const { word } = level;
  level.word = undefined;
  if (word === undefined) return;
  if (level.redirects) level.redirects = false;
  else if (level.expectsCommand && !word.assigns) {
    const name = word.literal ?? text.slice(word.start, index);
    const named = word.base === undefined ? undefined : { name, from: word.start };
    level.expectsCommand = word.isPlain && BEFORE_COMMAND.has(word.base ?? '');
    if (level.expectsCommand) level.prefix = named;
    else level.command = isOption(word) && level.prefix !== undefined ? level.prefix : named;
  }
}

/** Whose argument a word is: an option in the place of a command belongs to the `sudo` before it. */
export function ownerOf({ expectsCommand, command, prefix }: Level, word: WordParts): Level['command'] {
  return expectsCommand && isOption(word) ? prefix : command;
}

function isOption(word: WordParts): boolean {
  return word.base?.startsWith('-') === true && word.directory.length === 0;
}
