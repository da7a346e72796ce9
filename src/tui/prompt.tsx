import { Box, Text, useCursor } from 'ink';
import { layOut } from '../repl/editor/layout.ts';
import { fitText } from '../repl/output/fit-text.ts';
import { sanitiseText } from '../repl/output/sanitise-text.ts';
import { searchPrompt } from '../repl/state/search-rows.ts';
import type { ReplState } from '../repl/state/state.ts';
import { shownSuggestion } from '../repl/state/suggestion.ts';

export interface PromptProps {
  readonly state: ReplState;
  /** Most rows the entry may take. */
  readonly rows: number;
  /** Rows of the live frame above this one; the real cursor is placed from the frame's top. */
  readonly rowsAbove: number;
}

/** The line being edited, with the terminal's own cursor in it: input methods and screen readers look there. */
export function Prompt({ state, rows, rowsAbove }: PromptProps) {
  const { search } = state;
  const layout = layOut((search?.query ?? state.editor).buffer, {
    width: state.columns - 1,
    maxRows: rows,
    prompt: search === undefined ? '❯ ' : searchPrompt(search.scan.scope),
    continuation: '· ',
    more: { above: '↑ ', below: '↓ ' },
  });
  const ghost = fitText(sanitiseText(shownSuggestion(state)), state.columns - 1 - layout.cursorColumn);
  const { setCursorPosition } = useCursor();
  setCursorPosition({ x: layout.cursorColumn, y: rowsAbove + layout.cursorRow });

  return (
    <Box flexDirection="column">
      {layout.rows.map((row, index) => (
        <Text key={row.start}>
          <Text color="green" bold={index === 0}>
            {row.prefix}
          </Text>
          {row.text === '' ? ' ' : row.text}
          {index === layout.cursorRow && ghost !== '' && <Text dimColor>{ghost}</Text>}
        </Text>
      ))}
    </Box>
  );
}
