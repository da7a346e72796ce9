import type { EditBuffer } from '../edit-buffer.ts';
import { borderFrom, borderUpTo, nextBorder, previousBorder } from '../graphemes.ts';
import { lineEnd, lineStart } from '../lines.ts';
import type { ViCommand } from './vi-command.ts';
import { nextWordStart, runEnd, wordEndAfter, wordStartBefore } from './vi-words.ts';

/**
 * Where a motion goes, as a UTF-16 index on a border. For an operator: up to there, with the character there
 * (`inclusive`), or all lines up to there.
 */
export interface Target {
  readonly index: number;
  readonly reach: 'exclusive' | 'inclusive' | 'lines';
}

/** What `;` and `,` repeat. */
export interface Find {
  readonly key: 'f' | 'F' | 't' | 'T';
  readonly character: string;
}

/** @returns undefined when there is nowhere to go: then the whole command does nothing. */
export function viTarget(
  buffer: EditBuffer,
  command: ViCommand,
  lastFind: Find | undefined,
): Target | undefined {
  const { text, cursor } = buffer;
  const { count, name, argument, operator } = command;
  const exclusive = (index: number): Target => ({ index, reach: 'exclusive' });
  const inclusive = (index: number): Target => ({ index, reach: 'inclusive' });
  const big = name === name.toUpperCase();
  switch (name) {
    case 'h':
      return exclusive(
        steps(count, cursor, (at) => Math.max(lineStart(text, cursor), previousBorder(text, at))),
      );
    case 'l':
      return exclusive(steps(count, cursor, (at) => Math.min(lineEnd(text, cursor), nextBorder(text, at))));
    case '0':
      return exclusive(lineStart(text, cursor));
    case '^':
      return exclusive(firstNonBlank(text, cursor));
    case '$': {
      const line = steps(count - 1, cursor, (at) => Math.min(text.length, lineEnd(text, at) + 1));
      const end = lineEnd(text, line);
      return end === lineStart(text, line) ? exclusive(end) : inclusive(previousBorder(text, end));
    }
    case '|':
      return exclusive(
        steps(count - 1, lineStart(text, cursor), (at) =>
          Math.min(lineEnd(text, cursor), nextBorder(text, at)),
        ),
      );
    case 'w':
    case 'W':
      if (operator !== undefined) return exclusive(operatedWords(buffer, command, big));
      return exclusive(
        borderFrom(
          text,
          steps(count, cursor, (at) => nextWordStart(text, at, big)),
        ),
      );
    case 'b':
    case 'B':
      return exclusive(
        borderUpTo(
          text,
          steps(count, cursor, (at) => wordStartBefore(text, at, big)),
        ),
      );
    case 'e':
    case 'E': {
      let end = wordEndAfter(text, cursor, big);
      end = steps(count - 1, end, (at) => wordEndAfter(text, previousBorder(text, at), big));
      return inclusive(previousBorder(text, borderFrom(text, end)));
    }
    case 'f':
    case 'F':
    case 't':
    case 'T':
      return findCharacter(buffer, { key: name, character: argument ?? '' }, count, false);
    case ';':
      return lastFind && findCharacter(buffer, lastFind, count, true);
    case ',':
      return lastFind && findCharacter(buffer, { ...lastFind, key: REVERSED[lastFind.key] }, count, true);
    default:
      return lineTarget(buffer, command);
  }
}

/** `line` (a doubled operator), j, k, G and gg: whole lines. */
function lineTarget({ text, cursor }: EditBuffer, { name, count, counted }: ViCommand): Target | undefined {
  const lines = (index: number): Target => ({ index, reach: 'lines' });
  const down = (from: number, times: number) =>
    steps(times, from, (at) => {
      const end = lineEnd(text, at);
      return end === text.length ? at : end + 1;
    });
  switch (name) {
    case 'line':
      return lines(down(cursor, count - 1));
    case 'j':
      return lineEnd(text, cursor) === text.length ? undefined : lines(down(cursor, count));
    case 'k': {
      if (lineStart(text, cursor) === 0) return undefined;
      return lines(steps(count, cursor, (at) => lineStart(text, Math.max(0, lineStart(text, at) - 1))));
    }
    case 'gg':
      return lines(firstNonBlank(text, down(0, count - 1)));
    case 'G':
      return lines(firstNonBlank(text, counted ? down(0, count - 1) : text.length));
    default:
      return undefined;
  }
}

/** `cw` ends with the word; `dw` on the last word of a line leaves the line break. */
function operatedWords({ text, cursor }: EditBuffer, { operator, count }: ViCommand, big: boolean): number {
  if (operator === 'c' && !/^\s/.test(text.slice(cursor, cursor + 1))) {
    const end = runEnd(text, cursor, big);
    return borderFrom(
      text,
      steps(count - 1, end, (at) => wordEndAfter(text, previousBorder(text, at), big)),
    );
  }
  const to = borderFrom(
    text,
    steps(count, cursor, (at) => nextWordStart(text, at, big)),
  );
  const withBreak = /\n\s*$/.exec(text.slice(cursor, to));
  return withBreak === null || withBreak.index === 0 ? to : cursor + withBreak.index;
}

const REVERSED = { f: 'F', F: 'f', t: 'T', T: 't' } as const;

function findCharacter(
  { text, cursor }: EditBuffer,
  { key, character }: Find,
  count: number,
  again: boolean,
): Target | undefined {
  const before = key === 't' || key === 'T';
  const [start, end] = [lineStart(text, cursor), lineEnd(text, cursor)];
  // Repeated, t and T go past the character that they stand at.
  let at = cursor;
  if (key === 'f' || key === 't') {
    if (before && again && text.startsWith(character, nextBorder(text, at))) at = nextBorder(text, at);
    for (let times = 0; times < count; times += 1) {
      at = text.indexOf(character, nextBorder(text, at));
      if (at === -1 || at >= end) return undefined;
    }
    return { index: before ? previousBorder(text, at) : borderUpTo(text, at), reach: 'inclusive' };
  }
  if (before && again && at > start && text.startsWith(character, previousBorder(text, at))) {
    at = previousBorder(text, at);
  }
  for (let times = 0; times < count; times += 1) {
    at = at <= start ? -1 : text.lastIndexOf(character, previousBorder(text, at));
    if (at < start) return undefined;
  }
  return { index: before ? nextBorder(text, at) : borderUpTo(text, at), reach: 'exclusive' };
}

export function firstNonBlank(text: string, index: number): number {
  const start = lineStart(text, index);
  const end = lineEnd(text, index);
  const blanks = /^[ \t]*/.exec(text.slice(start, end))?.[0].length ?? 0;
  return borderUpTo(text, Math.min(start + blanks, end));
}

function steps(count: number, from: number, next: (index: number) => number): number {
  let at = from;
  for (let times = 0; times < count; times += 1) {
    const after = next(at);
    if (after === at) break;
    at = after;
  }
  return at;
}
