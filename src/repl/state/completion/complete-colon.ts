import type { Candidate } from '../../editor/completion/candidate.ts';
import type { CompletionPlace } from '../../editor/completion/insert-completion.ts';
import { colonCommands } from '../commands/registry.ts';
import type { ReplState } from '../state.ts';

export interface ColonCompletion {
  readonly place: CompletionPlace;
  /** `shells`: the devbox is to be asked for their names. */
  readonly candidates: readonly Candidate[] | 'shells';
}

/** What may stand at the cursor of a line that begins with `:`. */
export function completeColon(state: ReplState): ColonCompletion {
  const { text, cursor } = state.editor.buffer;
  const typed = text.slice(1, cursor);
  const place = (base: string): CompletionPlace => ({
    from: cursor - base.length,
    cursor,
    mode: undefined,
    base,
    ending: 'space',
  });
  const [, name = '', argument] = /^(\S*)(?:\s+(.*))?$/s.exec(typed) ?? [];
  if (argument === undefined) {
    const names = colonCommands.flatMap(({ name: first, aliases }) => [first, ...(aliases ?? [])]);
    return { place: place(name), candidates: wordsThatBegin(names, name) };
  }
  const command = colonCommands.find((one) => one.name === name || one.aliases?.includes(name));
  const words = argument.split(/\s+/);
  const offered = command?.complete?.(words, state, colonCommands) ?? [];
  // A shell's name may hold blanks.
  if (offered === 'shells') return { place: place(argument), candidates: 'shells' };
  const last = words.at(-1) ?? '';
  return { place: place(last), candidates: wordsThatBegin(offered, last) };
}

export function wordsThatBegin(words: readonly string[], base: string): Candidate[] {
  return words.filter((word) => word.startsWith(base)).map((name) => ({ name, kind: 'word' }));
}
