/** Moves the cursor; the text stays. `line` is the logical line, `text` the whole entry. */
type MotionCommand =
  | 'move-left'
  | 'move-right'
  | 'move-word-left'
  | 'move-word-right'
  | 'move-line-start'
  | 'move-line-end'
  | 'move-text-start'
  | 'move-text-end';

/** Up and down: by line, by history entry, or by line as long as there is one and then by entry. */
export type VerticalCommand =
  | 'move-up'
  | 'move-down'
  | 'older-entry'
  | 'newer-entry'
  | 'up-or-older'
  | 'down-or-newer';

/** Takes text into the kill ring. A word is a run of letters and digits, an argument runs to white space. */
type KillCommand =
  | 'kill-to-start'
  | 'kill-to-end'
  | 'kill-word-left'
  | 'kill-word-right'
  | 'kill-argument-left';

type ChangeCommand =
  | 'new-line'
  | 'delete-left'
  | 'delete-right'
  | 'yank'
  | 'yank-pop'
  | 'transpose'
  | 'transpose-words'
  /** From the cursor to the end of the word, where it goes. */
  | 'upcase-word'
  | 'downcase-word'
  | 'capitalize-word'
  | 'undo'
  | 'redo'
  /** Empties the entry; undo brings it back. */
  | 'clear';

export type EditCommand =
  | { readonly type: MotionCommand | VerticalCommand | KillCommand | ChangeCommand }
  /** Typed text: a word of it is one step of undo. */
  | { readonly type: 'insert'; readonly text: string }
  /** Pasted text: always a step of undo of its own. */
  | { readonly type: 'paste'; readonly text: string }
  /** Replaces the whole entry, as one step of undo. The cursor is a UTF-16 index; the end when left out. */
  | { readonly type: 'set-text'; readonly text: string; readonly cursor?: number };
