import type { EditBuffer } from './edit-buffer.ts';
import { borderFrom, borderUpTo, nextBorder, previousBorder } from './graphemes.ts';
import { lineEnd, lineStart } from './lines.ts';
import { argumentStartLeft, wordEndRight, wordStartLeft } from './words.ts';

/**
 * Where the cursor would go: each motion gives a UTF-16 index on a grapheme border. Moving, deleting and killing are
 * all said in these, so a new motion is a new entry here.
 */
export const motions = {
  left: ({ text, cursor }: EditBuffer): number => previousBorder(text, cursor),
  right: ({ text, cursor }: EditBuffer): number => nextBorder(text, cursor),
  wordLeft: ({ text, cursor }: EditBuffer): number => borderUpTo(text, wordStartLeft(text, cursor)),
  wordRight: ({ text, cursor }: EditBuffer): number => borderFrom(text, wordEndRight(text, cursor)),
  argumentLeft: ({ text, cursor }: EditBuffer): number => borderUpTo(text, argumentStartLeft(text, cursor)),
  lineStart: ({ text, cursor }: EditBuffer): number => lineStart(text, cursor),
  lineEnd: ({ text, cursor }: EditBuffer): number => lineEnd(text, cursor),
  textStart: (): number => 0,
  textEnd: ({ text }: EditBuffer): number => text.length,
  /** To the start of the line; from there over the line feed, so that the key never does nothing. */
  killedToStart: ({ text, cursor }: EditBuffer): number => {
    const start = lineStart(text, cursor);
    return start === cursor ? Math.max(0, cursor - 1) : start;
  },
  /** To the end of the line; from there over the line feed. */
  killedToEnd: ({ text, cursor }: EditBuffer): number => {
    const end = lineEnd(text, cursor);
    return end === cursor ? Math.min(text.length, cursor + 1) : end;
  },
} as const;

export type Motion = keyof typeof motions;
