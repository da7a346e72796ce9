import { Box, Text, type TextProps, useCursor } from 'ink';
import { highlight } from '../repl/editor/highlight/highlight.ts';
import type { SpanKind } from '../repl/editor/highlight/lexer-state.ts';
import { layOut } from '../repl/editor/layout.ts';
import type { Piece } from '../repl/editor/line-rows.ts';
import { fitText } from '../repl/output/fit-text.ts';
import { sanitiseText } from '../repl/output/sanitise-text.ts';
import { searchPrompt } from '../repl/state/search-rows.ts';
import type { ReplState } from '../repl/state/state.ts';
import { shownSuggestion } from '../repl/state/suggestion.ts';
import { inNormalMode } from '../repl/state/vi-keys.ts';

export interface PromptProps {
  readonly state: ReplState;
  /** Most rows the entry may take. */
  readonly rows: number;
  /** Rows of the live frame above this one; the real cursor is placed from the frame's top. */
  readonly rowsAbove: number;
}

/** Of a suggestion, UTF-16 units: more than fits in any row. */
const MOST_SHOWN = 1_000;

const PREFIXES = { prompt: '❯ ', continuation: '· ', more: { above: '↑ ', below: '↓ ' } } as const;

/** Quiet, and legible on a dark and on a light ground: of the colours only those that are neither pale nor dark. */
const STYLES: Record<SpanKind, TextProps> = {
  command: { bold: true },
  keyword: { color: 'magenta' },
  string: { color: 'green' },
  comment: { dimColor: true },
  unfinished: { color: 'red', underline: true },
};

function showPiece({ text, kind }: Piece, index: number) {
  if (kind === undefined) return text;
  return (
    <Text key={index} {...STYLES[kind]}>
      {text}
    </Text>
  );
}

/** The line being edited, with the terminal's own cursor in it: input methods and screen readers look there. */
export function Prompt({ state, rows, rowsAbove }: PromptProps) {
  const { search } = state;
  const { buffer } = search?.query ?? state.editor;
  const options = {
    ...PREFIXES,
    ...(inNormalMode(state) && { prompt: '❮ ' }),
    ...(search && { prompt: searchPrompt(search.scan.scope) }),
    width: state.columns - 1,
    maxRows: rows,
  };
  // What is searched for is no command.
  const layout = layOut(buffer, options, search === undefined ? highlight(buffer.text) : []);
  // Cut before it is looked at: a suggestion may be a megabyte.
  const ghostCells = state.columns - 1 - layout.cursorColumn;
  const ghost = fitText(sanitiseText(shownSuggestion(state).slice(0, MOST_SHOWN)), ghostCells);
  const { setCursorPosition } = useCursor();
  setCursorPosition({ x: layout.cursorColumn, y: rowsAbove + layout.cursorRow });

  return (
    <Box flexDirection="column">
      {layout.rows.map((row, index) => (
        <Text key={row.start}>
          <Text color="green" bold={index === 0}>
            {row.prefix}
          </Text>
          {row.pieces.length === 0 ? ' ' : row.pieces.map(showPiece)}
          {index === layout.cursorRow && ghost !== '' && <Text dimColor>{ghost}</Text>}
        </Text>
      ))}
    </Box>
  );
}
