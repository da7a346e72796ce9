import type { EditCommand } from '../../editor/edit-command.ts';

/** What a key means. Keys, what they mean and what that does to the text are three things apart. */
export type KeyCommand = { readonly do: 'edit'; readonly edit: EditCommand } | { readonly do: Action };

export type Action =
  | 'submit'
  | 'force-submit'
  | 'submit-each'
  | 'interrupt'
  | 'kill'
  | 'toggle-stdin'
  | 'suspend'
  | 'detach-or-delete'
  | 'edit-externally'
  | 'search-history'
  | 'complete'
  | 'focus-queue'
  | 'clear-screen'
  | 'help';

export interface Binding {
  /** As in key-lookup.ts; two keys with a blank between them are pressed one after the other. */
  readonly keys: readonly string[];
  readonly command: KeyCommand;
  /** How help names the keys; absent where another binding's line already tells. */
  readonly label?: string;
  readonly help: string;
  /** What the page of the most used keys says of them; absent: they are not on it. */
  readonly brief?: string;
  /** It means the same with `--plain`, where the terminal edits the line and all other keys are its own. */
  readonly plain?: true;
}

type PlainEdit = Exclude<EditCommand, { readonly text: string }>['type'];
const edit = (type: PlainEdit): KeyCommand => ({ do: 'edit', edit: { type } });

/** The keys, as data: help and README's table are rendered from it. The first binding of a key counts. */
export const keymap: readonly Binding[] = [
  {
    keys: ['enter'],
    command: { do: 'submit' },
    label: 'Enter',
    plain: true,
    help: 'send the line; a new line while it is unfinished (open quote, heredoc, do …)',
    brief: 'send the line; a new line while it is unfinished',
  },
  {
    keys: ['ctrl+o'],
    command: { do: 'force-submit' },
    label: 'Ctrl-O',
    help: 'send it even if it looks unfinished',
  },
  {
    keys: ['ctrl+x enter', 'ctrl+x ctrl+j'],
    command: { do: 'submit-each' },
    label: 'Ctrl-X Enter',
    help: 'send each line of several as a command of its own, as after a paste; if … fi stays one',
  },
  {
    keys: ['alt+enter', 'shift+enter', 'ctrl+j'],
    command: edit('new-line'),
    label: 'Alt-Enter  Shift-Enter  Ctrl-J',
    help: 'new line',
  },
  {
    keys: ['tab'],
    command: { do: 'complete' },
    label: 'Tab',
    help: 'complete a command, its arguments, a path, $variable or :command; when several fit, again for a menu',
    brief: 'complete the word; when several fit, again for a menu',
  },
  {
    keys: ['up'],
    command: edit('up-or-older'),
    label: 'Up  Down',
    help: 'history of this shell, by what is typed; moves first inside several lines',
    brief: 'history of this shell, by what is typed',
  },
  { keys: ['down'], command: edit('down-or-newer'), help: 'history, towards the newest' },
  {
    keys: ['ctrl+p'],
    command: edit('older-entry'),
    label: 'Ctrl-P  Ctrl-N',
    help: 'history, without moving inside the lines first',
  },
  { keys: ['ctrl+n'], command: edit('newer-entry'), help: 'history, towards the newest' },
  {
    keys: ['ctrl+x ctrl+e'],
    command: { do: 'edit-externally' },
    label: 'Ctrl-X Ctrl-E',
    help: 'edit the text in $VISUAL or $EDITOR',
  },
  {
    keys: ['ctrl+r'],
    command: { do: 'search-history' },
    label: 'Ctrl-R',
    help: 'search the history of this shell, this devbox, everything',
    brief: 'search the history',
  },
  {
    keys: ['ctrl+c'],
    command: { do: 'interrupt' },
    label: 'Ctrl-C',
    plain: true,
    help: 'clear the line; on an empty line interrupt the running command',
    brief: 'clear the line; on an empty line interrupt what runs',
  },
  {
    keys: ['ctrl+\\'],
    command: { do: 'kill' },
    label: 'Ctrl-\\',
    plain: true,
    help: 'kill the running command; the shell and its state stay',
    brief: 'kill what runs; the shell and its state stay',
  },
  {
    keys: ['ctrl+t'],
    command: { do: 'toggle-stdin' },
    label: 'Ctrl-T',
    plain: true,
    help: 'the next line gets stdin; while it runs, type to it (Ctrl-D ends the input) or to the queue',
    brief: 'the next line gets stdin; Ctrl-D ends its input',
  },
  {
    keys: ['ctrl+d'],
    command: { do: 'detach-or-delete' },
    label: 'Ctrl-D',
    plain: true,
    help: 'on an empty line detach, the shell lives on; else delete the next character',
    brief: 'on an empty line detach: the shell lives on',
  },
  {
    keys: ['ctrl+z'],
    command: { do: 'suspend' },
    label: 'Ctrl-Z',
    plain: true,
    help: 'suspend nsh; `fg` in the shell it was started from brings it back',
  },
  {
    keys: ['ctrl+q', 'alt+up'],
    command: { do: 'focus-queue' },
    label: 'Ctrl-Q  Alt-Up',
    help: 'go into the queue: edit, drop, move, hold what waits',
    brief: 'the queue: edit, drop, move, hold what waits',
  },
  { keys: ['ctrl+l'], command: { do: 'clear-screen' }, label: 'Ctrl-L', help: 'clear the screen' },
  { keys: ['f1'], command: { do: 'help' }, label: 'F1', help: 'the most used keys and commands, as :help' },
  {
    keys: ['ctrl+a', 'home'],
    command: edit('move-line-start'),
    label: 'Ctrl-A  Ctrl-E',
    help: 'start, end of the line',
  },
  { keys: ['ctrl+e', 'end'], command: edit('move-line-end'), help: 'end of the line' },
  {
    keys: ['left', 'ctrl+b'],
    command: edit('move-left'),
    label: 'Ctrl-B  Ctrl-F',
    help: 'one character back, forward; at the end Right, Ctrl-F and End take the dim suggestion',
  },
  { keys: ['right', 'ctrl+f'], command: edit('move-right'), help: 'one character forward' },
  {
    keys: ['alt+b', 'alt+left', 'ctrl+left'],
    command: edit('move-word-left'),
    label: 'Alt-B  Alt-F',
    help: 'one word back, forward; at the end Alt-F takes a word of the suggestion',
  },
  { keys: ['alt+f', 'alt+right', 'ctrl+right'], command: edit('move-word-right'), help: 'one word forward' },
  {
    keys: ['alt+<', 'ctrl+home'],
    command: edit('move-text-start'),
    label: 'Alt-<  Alt->',
    help: 'start, end of the whole text',
  },
  { keys: ['alt+>', 'ctrl+end'], command: edit('move-text-end'), help: 'end of the whole text' },
  {
    keys: ['backspace', 'shift+backspace'],
    command: edit('delete-left'),
    help: 'delete the character before',
  },
  { keys: ['delete'], command: edit('delete-right'), help: 'delete the character after' },
  {
    keys: ['ctrl+w'],
    command: edit('kill-argument-left'),
    label: 'Ctrl-W  Alt-D',
    help: 'kill the word before (up to a blank), after',
  },
  {
    keys: ['alt+backspace', 'ctrl+backspace'],
    command: edit('kill-word-left'),
    help: 'kill the word before',
  },
  { keys: ['alt+d'], command: edit('kill-word-right'), help: 'kill the word after' },
  {
    keys: ['ctrl+u'],
    command: edit('kill-to-start'),
    label: 'Ctrl-U  Ctrl-K',
    help: 'kill to the start, to the end of the line',
  },
  { keys: ['ctrl+k'], command: edit('kill-to-end'), help: 'kill to the end of the line' },
  {
    keys: ['ctrl+y'],
    command: edit('yank'),
    label: 'Ctrl-Y  Alt-Y',
    help: 'put back what was killed; the kill before it',
  },
  { keys: ['alt+y'], command: edit('yank-pop'), help: 'the kill before' },
  {
    keys: ['ctrl+_', 'ctrl+/', 'ctrl+x ctrl+u'],
    command: edit('undo'),
    label: 'Ctrl-_  Alt-/',
    help: 'undo, redo',
  },
  { keys: ['alt+/', 'ctrl+x ctrl+r'], command: edit('redo'), help: 'redo' },
  {
    keys: ['ctrl+x ctrl+t'],
    command: edit('transpose'),
    label: 'Ctrl-X Ctrl-T  Alt-T',
    help: 'swap the characters, the words around the cursor',
  },
  { keys: ['alt+t'], command: edit('transpose-words'), help: 'swap the words around the cursor' },
  {
    keys: ['alt+u'],
    command: edit('upcase-word'),
    label: 'Alt-U  Alt-L  Alt-C',
    help: 'the rest of the word in upper case, in lower case, with a capital',
  },
  { keys: ['alt+l'], command: edit('downcase-word'), help: 'the rest of the word in lower case' },
  { keys: ['alt+c'], command: edit('capitalize-word'), help: 'the word with a capital' },
];
