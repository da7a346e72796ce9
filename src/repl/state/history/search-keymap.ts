import type { KeyPress } from '../../editor/key-event.ts';
import { keyName } from '../keys/key-lookup.ts';

export type SearchCommand = 'older-match' | 'newer-match' | 'next-scope' | 'run' | 'take' | 'give-back';

interface SearchBinding {
  readonly keys: readonly string[];
  readonly command: SearchCommand;
  readonly label: string;
  readonly help: string;
}

/** What keys mean while the history is searched; all others edit what is searched for. */
export const searchKeymap: readonly SearchBinding[] = [
  {
    keys: ['ctrl+r', 'up', 'ctrl+p'],
    command: 'older-match',
    label: 'Ctrl-R  Up',
    help: 'the next older match',
  },
  {
    keys: ['ctrl+s', 'down', 'ctrl+n'],
    command: 'newer-match',
    label: 'Ctrl-S  Down',
    help: 'a newer match',
  },
  {
    keys: ['tab'],
    command: 'next-scope',
    label: 'Tab',
    help: 'look further: this shell, this devbox, everywhere',
  },
  { keys: ['enter'], command: 'run', label: 'Enter', help: 'run the match' },
  {
    keys: ['right', 'ctrl+f', 'end', 'ctrl+e'],
    command: 'take',
    label: 'Right  Ctrl-E',
    help: 'take the match into the line, to edit it',
  },
  {
    keys: ['escape', 'ctrl+g', 'ctrl+c'],
    command: 'give-back',
    label: 'Esc  Ctrl-G',
    help: 'leave the search: the line is as it was',
  },
];

const byKey = new Map(
  searchKeymap.flatMap(({ keys, command }) => keys.map((key) => [key, command] as const)),
);

export function searchMeaningOf(key: KeyPress): SearchCommand | undefined {
  return byKey.get(keyName(key));
}
