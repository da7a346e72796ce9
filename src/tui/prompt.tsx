import { Box, Text, useCursor } from 'ink';
import { highlight } from '../repl/editor/highlight/highlight.ts';
import type { SpanKind } from '../repl/editor/highlight/lexer-state.ts';
import { layOut } from '../repl/editor/layout.ts';
import type { Piece } from '../repl/editor/line-rows.ts';
import { fitText } from '../repl/output/fit-text.ts';
import { inkColour, sgrColour } from '../repl/output/palette.ts';
import { sanitiseText } from '../repl/output/sanitise-text.ts';
import { searchPrompt } from '../repl/state/history/search-rows.ts';
import { shownSuggestion } from '../repl/state/history/suggestion.ts';
import { inNormalMode } from '../repl/state/keys/vi-keys.ts';
import { editPrompt } from '../repl/state/queue/edit-queued.ts';
import type { ReplState } from '../repl/state/state.ts';
import { stdinPrompt } from '../repl/state/stdin-mode.ts';

export interface PromptProps {
  readonly state: ReplState;
  /** Most rows the entry may take. */
  readonly rows: number;
  /** Rows of the live frame above this one; the real cursor is placed from the frame's top. */
  readonly rowsAbove: number;
  readonly colour: boolean;
}

/** Of a suggestion, UTF-16 units: more than fits in any row. */
const MOST_SHOWN = 1_000;

const PREFIXES = { prompt: '❯ ', continuation: '· ', more: { above: '↑ ', below: '↓ ' } } as const;

/** Quiet. As codes, not as components: a window full of code is drawn in half the time. */
const STYLES: Record<SpanKind, readonly [on: string, off: string]> = {
  command: ['\x1b[1m', '\x1b[22m'],
  keyword: [`\x1b[${sgrColour('keyword')}m`, '\x1b[39m'],
  string: [`\x1b[${sgrColour('success')}m`, '\x1b[39m'],
  comment: ['\x1b[2m', '\x1b[22m'],
  unfinished: [`\x1b[4;${sgrColour('failure')}m`, '\x1b[24;39m'],
};

function styled({ text, kind }: Piece): string {
  if (kind === undefined) return text;
  const [on, off] = STYLES[kind];
  return on + text + off;
}

/** The line being edited, with the terminal's own cursor in it: input methods and screen readers look there. */
export function Prompt({ state, rows, rowsAbove, colour }: PromptProps) {
  const { search } = state;
  const { buffer } = search?.query ?? state.editor;
  const otherPrompt = editPrompt(state) ?? stdinPrompt(state);
  const options = {
    ...PREFIXES,
    ...(inNormalMode(state) && { prompt: '❮ ' }),
    ...(otherPrompt !== undefined && { prompt: otherPrompt }),
    ...(search && { prompt: searchPrompt(search.scan.scope) }),
    width: state.columns - 1,
    maxRows: rows,
  };
  // What is searched for is no command, nor is what a command reads.
  const isCommand = search === undefined && state.inputTo === undefined;
  const layout = layOut(buffer, options, colour && isCommand ? highlight(buffer.text) : []);
  // Cut before it is looked at: a suggestion may be a megabyte.
  const ghostCells = state.columns - 1 - layout.cursorColumn;
  const ghost = fitText(sanitiseText(shownSuggestion(state).slice(0, MOST_SHOWN)), ghostCells);
  const { setCursorPosition } = useCursor();
  setCursorPosition({ x: layout.cursorColumn, y: rowsAbove + layout.cursorRow });

  return (
    <Box flexDirection="column">
      {layout.rows.map((row, index) => (
        <Text key={row.start}>
          <Text color={inkColour('success')} bold={index === 0}>
            {row.prefix}
          </Text>
          {row.pieces.length === 0 ? ' ' : row.pieces.map(styled).join('')}
          {index === layout.cursorRow && ghost !== '' && <Text dimColor>{ghost}</Text>}
        </Text>
      ))}
    </Box>
  );
}
