import { Text } from 'ink';
import { fitText } from '../repl/output/fit-text.ts';
import { sanitiseText } from '../repl/output/sanitise-text.ts';

export function Notice({ text, columns }: { readonly text: string; readonly columns: number }) {
  return <Text color="yellow">{fitText(sanitiseText(text), columns - 1)}</Text>;
}
