import type { KeyPress } from '../../editor/key-event.ts';
import { keyName } from '../keys/key-lookup.ts';

export type QueueCommand =
  | 'earlier'
  | 'later'
  | 'first'
  | 'last'
  | 'edit'
  | 'cancel'
  | 'cancel-unsent'
  | 'move-earlier'
  | 'move-later'
  | 'hold'
  | 'leave';

interface QueueBinding {
  readonly keys: readonly string[];
  readonly command: QueueCommand;
  /** How help names the keys; absent where another binding's line already tells. */
  readonly label?: string;
  readonly help: string;
}

/** What keys mean while the queue has them; Ctrl-\\ and the keys of the screen do what they always do. */
export const queueKeymap: readonly QueueBinding[] = [
  {
    keys: ['up', 'k', 'ctrl+p'],
    command: 'earlier',
    label: 'Up  Down  k  j',
    help: 'the command before, behind; Home and End: the first, the last',
  },
  { keys: ['down', 'j', 'ctrl+n'], command: 'later', help: 'the command behind' },
  { keys: ['home', 'g', 'alt+<'], command: 'first', help: 'the first' },
  { keys: ['end', 'G', 'alt+>'], command: 'last', help: 'the last' },
  {
    keys: ['enter', 'e'],
    command: 'edit',
    label: 'Enter  e',
    help: 'edit it: a line not sent yet is changed in its place; one that waits on the devbox is cancelled when you send the edit, which then comes last',
  },
  {
    keys: ['d', 'delete', 'backspace'],
    command: 'cancel',
    label: 'd  Delete',
    help: 'drop it, whoever sent it',
  },
  {
    keys: ['alt+up', 'K', 'shift+up'],
    command: 'move-earlier',
    label: 'Alt-Up  Alt-Down  K  J',
    help: 'move a line that is not sent yet; what waits on the devbox keeps its place',
  },
  { keys: ['alt+down', 'J', 'shift+down'], command: 'move-later', help: 'move it towards the end' },
  {
    keys: ['h', 'r'],
    command: 'hold',
    label: 'h  r',
    help: 'hold what is not sent yet, release it again',
  },
  { keys: ['D'], command: 'cancel-unsent', label: 'D', help: 'drop all that is not sent yet' },
  {
    keys: ['escape', 'ctrl+q', 'ctrl+g', 'ctrl+c', 'q'],
    command: 'leave',
    label: 'Esc  Ctrl-Q',
    help: 'leave the queue: it goes on as it is',
  },
];

const byKey = new Map(queueKeymap.flatMap(({ keys, command }) => keys.map((key) => [key, command] as const)));

export function queueMeaningOf(key: KeyPress): QueueCommand | undefined {
  return byKey.get(!key.ctrl && !key.alt && key.text !== undefined ? key.text : keyName(key));
}

export function queueMeaningOfText(character: string): QueueCommand | undefined {
  return byKey.get(character);
}
