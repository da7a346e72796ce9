import { Text } from 'ink';
import stringWidth from 'string-width';
import { fitText } from '../repl/output/fit-text.ts';
import { inkColour } from '../repl/output/palette.ts';
import { sanitiseText } from '../repl/output/sanitise-text.ts';
import type { QueueLine } from '../repl/state/queue/queue-line.ts';
import { rowWidth } from './row-width.ts';

export interface QueueProps {
  readonly lines: readonly QueueLine[];
  readonly above: number;
  readonly more: number;
  readonly moreHere: number;
  readonly columns: number;
}

interface RowProps {
  readonly line: QueueLine;
  /** The queue has the keys: there is room for a mark in front of each row. */
  readonly focused: boolean;
  readonly columns: number;
}

export function Queue({ lines, above, more, moreHere, columns }: QueueProps) {
  const focused = lines.some(({ selected }) => selected);
  return (
    <>
      {above > 0 && <Text color={inkColour('muted')}>{`  ↑ ${above} before`}</Text>}
      {lines.map((line) => (
        <QueueRow key={line.text} line={line} focused={focused} columns={columns} />
      ))}
      {more > 0 && (
        <Text
          color={inkColour('muted')}
        >{`  +${more} more${moreHere > 0 ? `, ${moreHere} not sent` : ''}`}</Text>
      )}
    </>
  );
}

function QueueRow({ line, focused, columns }: RowProps) {
  const head = `${focused ? (line.selected ? '▸ ' : '  ') : ''}${line.mark} ${line.word}${line.detail === '' ? '' : ` ${line.detail}`} `;
  const cells = Math.max(1, rowWidth(columns) - head.length);
  const cut = fitText(sanitiseText(line.text), cells);
  const note = line.note === '' ? '' : `  ${line.note}`;
  const text = stringWidth(cut) + note.length <= cells ? cut + note : cut;
  if (line.selected) return <Text inverse>{head + text}</Text>;
  if (line.word === 'running') {
    return (
      <Text>
        <Text color={inkColour('active')}>{head}</Text>
        {text}
      </Text>
    );
  }
  return (
    <Text>
      <Text color={inkColour(line.word === 'queued' ? 'waiting' : 'warning')}>{head}</Text>
      <Text color={inkColour('muted')}>{text}</Text>
    </Text>
  );
}
