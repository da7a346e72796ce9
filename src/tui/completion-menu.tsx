import { Text } from 'ink';
import stringWidth from 'string-width';
import { fitText } from '../repl/output/fit-text.ts';
import { sanitiseText } from '../repl/output/sanitise-text.ts';
import type { CompletionRows, MenuCell } from '../repl/state/completion/completion-rows.ts';

const MARK_AND_GAP = 4;

/** What may stand in the place of the word, in columns. */
export function CompletionMenu({ rows: { rows, cellWidth } }: { readonly rows: CompletionRows }) {
  return (
    <>
      {rows.map((cells, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the rows have no other name
        <Text key={index}>
          {cells.map((cell, column) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: nor have the cells
            <Cell key={column} cell={cell} width={cellWidth} last={column === cells.length - 1} />
          ))}
        </Text>
      ))}
    </>
  );
}

interface CellProps {
  readonly cell: MenuCell;
  readonly width: number;
  readonly last: boolean;
}

function Cell({ cell: { candidate, selected }, width, last }: CellProps) {
  const { name, kind } = candidate;
  // Cut before it is looked at: names come from outside.
  const safe = sanitiseText(kind === 'directory' ? `${name}/` : name);
  const text = fitText(safe, Math.max(1, width - MARK_AND_GAP));
  const padding = last ? '' : ' '.repeat(Math.max(0, width - 2 - stringWidth(text)));
  return (
    <>
      {selected ? '› ' : '  '}
      <Text bold={selected} inverse={selected}>
        {text}
      </Text>
      {padding}
    </>
  );
}
