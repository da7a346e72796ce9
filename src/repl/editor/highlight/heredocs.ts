import type { LexerState } from './lexer-state.ts';

const HEREDOC = /<<(-?)[ \t]*((?:'[^'\n]*'|"[^"\n]*"|\\.|[^\s;&|<>()'"\\])+)/y;

/** `<<WORD`: what it opens begins in the next line. */
export function lexHeredocOperator(at: LexerState): boolean {
  if (at.text.startsWith('<<<', at.index)) return false;
  HEREDOC.lastIndex = at.index;
  const found = HEREDOC.exec(at.text);
  if (found === null) return false;
  const [whole, dash, word = ''] = found;
  at.endWord();
  const delimiter = word.replace(/\\(.)|['"]/g, '$1');
  at.heredocs.push({ token: at.take(whole.length), delimiter, tabs: dash === '-' });
  return true;
}

/** The bodies of the heredocs that the line before named, in its order. One without an end takes the rest. */
export function lexHeredocBodies(at: LexerState): void {
  while (at.heredocs.length > 0 && !at.atEnd) {
    const [first] = at.heredocs;
    if (first === undefined) return;
    const body = at.index;
    let line = body;
    for (;;) {
      const feed = at.text.indexOf('\n', line);
      const end = feed === -1 ? at.text.length : feed;
      const content = at.text.slice(line, end);
      if ((first.tabs ? content.replace(/^\t+/, '') : content) === first.delimiter) {
        at.take(end - body, 'string');
        at.heredocs.shift();
        if (feed !== -1) at.index += 1;
        break;
      }
      if (feed === -1) return void at.take(end - body, 'string');
      line = end + 1;
    }
  }
}
