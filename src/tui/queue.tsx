import { Text } from 'ink';
import { fitText } from '../repl/output/fit-text.ts';
import { sanitiseText } from '../repl/output/sanitise-text.ts';
import type { QueueLine } from '../repl/state/queue-line.ts';
import { rowWidth } from './row-width.ts';

export interface QueueProps {
  readonly lines: readonly QueueLine[];
  readonly more: number;
  readonly columns: number;
}

export function Queue({ lines, more, columns }: QueueProps) {
  return (
    <>
      {lines.map((line) => (
        <QueueRow key={line.text} line={line} columns={columns} />
      ))}
      {more > 0 && <Text dimColor>{`  +${more} more`}</Text>}
    </>
  );
}

function QueueRow({ line, columns }: { readonly line: QueueLine; readonly columns: number }) {
  const head = `${line.mark} ${line.word}${line.detail === '' ? '' : ` ${line.detail}`} `;
  const text = fitText(sanitiseText(line.text), Math.max(1, rowWidth(columns) - head.length));
  if (line.word === 'running') {
    return (
      <Text>
        <Text color="cyan">{head}</Text>
        {text}
      </Text>
    );
  }
  return (
    <Text>
      <Text color={line.word === 'queued' ? 'blue' : 'yellow'}>{head}</Text>
      <Text dimColor>{text}</Text>
    </Text>
  );
}
