import type { ReplState } from '../state.ts';
import type { Ended } from './ended.ts';

/*
 * One number for a command, wherever it is named. Where the devbox counts the commands of a shell, its number is the name: #7 in
 * the block's header, in the queue, in `:show 7` and in `nsh log NAME 7`, in every REPL the same. A line that the devbox has not
 * accepted has no such number yet: it goes by +N, where N is this REPL's own count, and can still be called so when it has. A
 * block does not open before its command is accepted, so headers have the shell's number, but for what was refused or lost on
 * the way. Where nobody counts but this REPL (the service), #N is its own count.
 */

interface Numbered {
  readonly number: number;
  readonly shellNumber?: number | undefined;
}

export function nameOf({ counts }: Pick<ReplState, 'counts'>, { number, shellNumber }: Numbered): string {
  if (!counts) return `#${number}`;
  return shellNumber === undefined ? `+${number}` : `#${shellNumber}`;
}

/** Of a block of this session: one of another shell than this says of which. */
export function nameOfBlock(state: ReplState, block: Ended): string {
  const name = nameOf(state, block);
  return state.counts && block.shell !== state.shell.name ? `${block.shell}${name}` : name;
}

/** Of a line of this REPL, whether it is in the queue still or has ended. */
export function nameOfLine(state: ReplState, number: number): string {
  const same = (one: Numbered) => one.number === number;
  return nameOf(state, state.entries.find(same) ?? state.ended.findLast(same) ?? { number });
}

/** What was typed for a name, as people see names: `7` is #7. */
export const typedName = (argument: string) => (/^\d+$/.test(argument) ? `#${argument}` : argument);

/** As it is typed behind a `:command`. */
export const bareName = (name: string) => name.replace(/^#/, '');

/** What is called so: `7`, `#7`, `+7`, and of another shell of this session `build#7`; undefined: it is no name. */
export function readName(
  { counts, shell: here }: Pick<ReplState, 'counts' | 'shell'>,
  argument: string,
): ((one: Numbered & { readonly shell?: string }) => boolean) | undefined {
  const match = /^(.+(?=[#+]))?([#+])?(\d+)$/.exec(argument);
  if (match === null) return undefined;
  const [, shell = here.name, sign, digits] = match;
  const wanted = Number(digits);
  if (!counts) return ({ number }) => shell === here.name && number === wanted;
  return (one) =>
    (one.shell ?? here.name) === shell && (sign === '+' ? one.number : one.shellNumber) === wanted;
}
