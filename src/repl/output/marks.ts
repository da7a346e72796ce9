/**
 * OSC 133, "semantic prompts" (FinalTerm): by them a terminal jumps from command to command, selects or copies the
 * output of one, and shows which failed. They stand in the scrollback alone: what a row is stays with the row, and the
 * live frame, which is drawn anew all the time, is no row to come back to. So a block's header is the prompt (`#7`)
 * with what was typed at it, and the prompt that is typed at has no mark.
 *
 * A terminal that believes to be at a prompt erases it when it is resized, for the shell to draw it again (Ghostty,
 * kitty): that is refused with `redraw=0`, and the output is begun at once, before there is any.
 */
const mark = (what: string) => `\x1b]133;${what}\x07`;

export const PROMPT_MARK = mark('A;redraw=0');
export const INPUT_MARK = mark('B');
export const OUTPUT_MARK = mark('C');

/** @param exitStatus null: nobody knows it */
export function endMark(exitStatus: number | null): string {
  return mark(exitStatus === null ? 'D' : `D;${exitStatus}`);
}

/** Whether a text ends where a line begins: marks take no cell. */
export function endsLine(text: string): boolean {
  return text.endsWith('\n') || /(?:^|\n)(?:\x1b\]133;[\w;=]*\x07)+$/.test(text.slice(-MOST_OF_MARKS));
}

/** UTF-16 units of the marks that can stand together. */
const MOST_OF_MARKS = 100;
