import { lexShell } from './lex-shell.ts';
import type { Span } from './lexer-state.ts';

/** UTF-16 units. A longer text is data more than code: it stays plain, and the keys stay quick. */
const MAX_HIGHLIGHTED = 32 * 1024;

let last: { readonly text: string; readonly spans: readonly Span[] } = { text: '', spans: [] };

/** The parts of a text that get a colour, in order. Moving in a text costs nothing: the last answer is kept. */
export function highlight(text: string): readonly Span[] {
  if (text !== last.text) last = { text, spans: text.length > MAX_HIGHLIGHTED ? [] : lexShell(text) };
  return last.spans;
}
