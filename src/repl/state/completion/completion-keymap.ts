import type { KeyPress } from '../../editor/key-event.ts';
import { keyName } from '../keys/key-lookup.ts';

export type MenuCommand = 'next' | 'previous' | 'left' | 'right' | 'up' | 'down' | 'take' | 'leave';

interface MenuBinding {
  readonly keys: readonly string[];
  readonly command: MenuCommand;
  /** How help names the keys; absent where another binding's line already tells. */
  readonly label?: string;
  readonly help: string;
}

/** What keys mean in the menu of completions; all others leave it and do what they always do. */
export const completionKeymap: readonly MenuBinding[] = [
  { keys: ['tab'], command: 'next', label: 'Tab  Shift-Tab', help: 'the next one, the one before' },
  { keys: ['shift+tab'], command: 'previous', help: 'the one before' },
  { keys: ['up', 'ctrl+p'], command: 'up', label: 'arrows', help: 'the one in that direction' },
  { keys: ['down', 'ctrl+n'], command: 'down', help: 'the one below' },
  { keys: ['left', 'ctrl+b'], command: 'left', help: 'the one to the left' },
  { keys: ['right', 'ctrl+f'], command: 'right', help: 'the one to the right' },
  { keys: ['enter'], command: 'take', label: 'Enter', help: 'take it into the line' },
  {
    keys: ['escape', 'ctrl+g', 'ctrl+c'],
    command: 'leave',
    label: 'Esc  Ctrl-G',
    help: 'leave the menu: the line stays as it is',
  },
];

const byKey = new Map(
  completionKeymap.flatMap(({ keys, command }) => keys.map((key) => [key, command] as const)),
);

export function menuMeaningOf(key: KeyPress): MenuCommand | undefined {
  return byKey.get(keyName(key));
}
