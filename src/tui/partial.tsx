import { Text } from 'ink';
import { fitTextEnd } from '../repl/output/fit-text.ts';
import { sanitiseText } from '../repl/output/sanitise-text.ts';
import { rowWidth } from './row-width.ts';

/** The running command's last line while it has no line break: a question, a progress bar. Its end is what counts. */
export function Partial({ text, columns }: { readonly text: string; readonly columns: number }) {
  return <Text>{fitTextEnd(sanitiseText(text), rowWidth(columns))}</Text>;
}
