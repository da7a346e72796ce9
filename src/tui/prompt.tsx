import { Box, Text, useCursor } from 'ink';
import { layOut } from '../repl/editor/layout.ts';
import { searchPrompt } from '../repl/state/search-rows.ts';
import type { ReplState } from '../repl/state/state.ts';

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
        </Text>
      ))}
    </Box>
  );
}
