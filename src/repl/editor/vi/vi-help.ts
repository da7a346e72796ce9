/** What the vi keys do, for `:help` and the README. A test holds that each key stands in one of these lines. */
export const viHelp: readonly (readonly [keys: string, help: string])[] = [
  ['Escape', 'normal mode: the prompt is ❮; Enter sends the line from there too'],
  ['i a I A o O', 'insert before, behind, at the start, the end of the line, in a new line below, above'],
  ['h l 0 ^ $ |', 'left, right, start, first non-blank, end of the line, column'],
  ['w b e W B E', 'word forward, back, its end; up to blanks'],
  ['f F t T ; ,', 'to a character or next to it, forward, back; again, the other way'],
  ['j k G gg', 'line or history, the last, the first line'],
  ['d c y', 'delete, change, copy up to a motion; doubled: lines'],
  ['x X D s S C Y', 'dl dh d$ cl cc c$ yy'],
  ['p P', 'put back behind, before'],
  ['r ~ J', 'replace a character, change its case, join lines'],
  ['u U .', 'undo, redo, repeat the change'],
  ['/ ? v', 'search the history, edit in $EDITOR'],
];
