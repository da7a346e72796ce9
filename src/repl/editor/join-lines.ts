import type { Verdict } from './parse-verdict.ts';
import { shellCheck } from './unfinished.ts';

const BLANK_OR_COMMENT = /^\s*(?:#.*)?$/;

/**
 * Joins the lines of a script into commands, each complete as bash would read it. A command is given as soon as its
 * last line is there, so a script that is still being written runs as far as it goes. Between commands, blank lines
 * and comments are left out. At the end of the input an unfinished rest is given as it is: bash reports it.
 *
 * From a text that the parser refuses on, the whole rest of the script is one command. Bash then reads it in its own
 * way, and stops at an error in the syntax; to go on line by line would run the body of a misread `if` unasked.
 *
 * A line that cannot finish the command (Verdict.awaits) costs no parsing, so heredocs and long compound commands do
 * not take quadratic time.
 *
 * @param lines without their line feeds.
 */
export async function* joinLines(
  lines: AsyncIterable<string> | Iterable<string>,
  examine: (text: string) => Promise<Verdict> = shellCheck.examine,
): AsyncGenerator<string> {
  let held: string[] = [];
  let awaits: string | undefined;
  let refused = false;
  for await (const line of lines) {
    if (held.length === 0 && BLANK_OR_COMMENT.test(line)) continue;
    held.push(line);
    if (refused || (awaits !== undefined && !mayContain(line, awaits))) continue;
    const command = held.join('\n');
    const verdict = await examine(command);
    awaits = verdict.awaits;
    refused = verdict.kind === 'refused';
    if (verdict.kind !== 'finished') continue;
    held = [];
    yield command;
  }
  if (held.length > 0) yield held.join('\n');
}

function mayContain(line: string, token: string): boolean {
  // A continued line can hold a part of a word: `th\` and `en`.
  if (line.endsWith('\\')) return true;
  if (/^[a-z]+$/.test(token)) return line.includes(token) && new RegExp(`\\b${token}\\b`).test(line);
  // The closing brace of a block; the one of `${name}` is far more frequent and closes nothing.
  if (token === '}') return line.replace(/\$\{[^{}\s]*\}/g, '').includes('}');
  return line.includes(token);
}
