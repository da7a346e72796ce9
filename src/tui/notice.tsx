import { Text } from 'ink';
import { fitText } from '../repl/output/fit-text.ts';
import { inkColour } from '../repl/output/palette.ts';
import { sanitiseText } from '../repl/output/sanitise-text.ts';

export function Notice({ text, columns }: { readonly text: string; readonly columns: number }) {
  return <Text color={inkColour('warning')}>{fitText(sanitiseText(text), columns - 1)}</Text>;
}
