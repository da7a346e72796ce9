import { engineFunctions, SNAPSHOT_FUNCTION } from './engine-functions.ts';
import type { BashProgram } from './find-bash.ts';
import { quoteForBash } from './quote-for-bash.ts';

/**
 * The lines that the server writes into bash's control FIFO. Rules that all of them keep:
 *
 * - A command's text never stands in a line: it goes through a file, so no open quote, heredoc or `}` of it can
 *   swallow the markers. It runs at top level, never in a function (`declare` would be local) or a loop (`break`
 *   would escape).
 * - Files are named by `$__nsh_p`, readonly, which keeps the lines short: see `engine-functions.ts`.
 * - Everything is quoted, because the user may set IFS; nothing may return non-zero outside `||` or `&&`, because
 *   the user may `set -e`; `${PWD-}`, because the user may `set -u`.
 * - The status FIFO is opened for reading too (`1<>`): a plain `>` would wait for ever when the server is dead, and bash
 *   would never get to the end of its input, which makes it exit.
 * - `\builtin` gets past aliases and past functions named `printf`, `read`, `eval`.
 */

/** `prompt-command` up to bash 5.2, `source` from 5.3: the form that keeps `[1]+ Done` out of the command's stderr. */
export type BashForm = 'prompt-command' | 'source';

export function bashForm(bash: Pick<BashProgram, 'major' | 'minor'>): BashForm {
  return bash.major > 5 || (bash.major === 5 && bash.minor >= 3) ? 'source' : 'prompt-command';
}

/** What bash is started with. `HISTFILE`: without it the user's ~/.bash_history is read and written. */
export const SHELL_ARGUMENTS = ['--noediting', '--noprofile', '--norc', '-i'];
export const SHELL_ENVIRONMENT = { TERM: 'dumb', PAGER: 'cat', GIT_PAGER: 'cat', HISTFILE: '/dev/null' };

/**
 * Answered by `R pid flags cwd`.
 *
 * @param dir the session's folder
 * @param closeFds what the server would pass on of its own starter's
 */
export function initLines(dir: string, closeFds: readonly number[]): string {
  return [
    "set +o history +H;history -c;unset HISTFILE MAILCHECK MAIL PROMPT_COMMAND;PS1= PS2= PS4='+ '",
    'shopt -s execfail',
    'set -m',
    ...closeFds.map((fd) => `exec ${fd}>&-`),
    engineFunctions(dir) + READY_LINE,
  ].join('\n');
}

const READY_LINE = `\\builtin printf 'R %s %s %s\\0' "$$" "$-" "\${PWD-}" 1<>"$__nsh_p/status"\n`;

/**
 * Brings a snapshot's state into a fresh shell; answered by `R pid flags cwd`. Where it cannot (a folder that is gone, a
 * damaged file) it goes on in silence.
 */
export function restoreLines(dir: string, snapshotPath: string): string {
  const restore = `\\builtin . ${quoteForBash(snapshotPath)} </dev/null >/dev/null 2>&1||:`;
  // The functions of the engine that wrote the snapshot may not be this one's.
  return `${restore}\n${engineFunctions(dir)}${READY_LINE}`;
}

export interface RunLines {
  form: BashForm;
  id: number;
  /** The `$?` that the command finds. */
  lastStatus: number;
  /** The names of FIFOs in the session's folder. */
  stdout: string;
  /** Undefined: into stdout. */
  stderr: string | undefined;
  /** Undefined: /dev/null. */
  stdin: string | undefined;
}

/** Answered by `B id` when the command is about to run, and by `E id status flags cwd` when its foreground has ended. */
export function runLines(lines: RunLines): string {
  const begin = `__nsh_b ${lines.id}`;
  // `&&:` keeps $? and shields it from `set -e` and from an ERR trap.
  const carry = `__nsh_r ${lines.lastStatus}&&:`;
  const outputs = `>${inFolder(lines.stdout)} 2>${lines.stderr === undefined ? '&1' : inFolder(lines.stderr)}`;
  const end = (otherwise: string) => `__nsh_e ${lines.id} "\${__nsh_s:-${otherwise}}"\n`;

  // B comes after bash has opened an attached stdin: closing the FIFO before that would leave bash waiting for a
  // writer for ever.
  const beginAndRun = (run: string) =>
    lines.stdin === undefined
      ? `${begin};${carry};${run} </dev/null ${outputs}`
      : `{ ${begin};${carry};${run} ${outputs};} <${inFolder(lines.stdin)}`;

  // Empty until the status is known: an interrupt throws bash out of the line before that.
  if (lines.form === 'source') {
    return `__nsh_s=;${beginAndRun(`\\builtin . ${inFolder('command')}`)}\n${end('$?')}`;
  }
  const body = [
    '\\builtin unset -v PROMPT_COMMAND',
    '__nsh_s=',
    // At the end of the file `read` ends with 1.
    `IFS= \\builtin read -r -d '' __nsh_c <${inFolder('command')}||:`,
    beginAndRun('\\builtin eval "$__nsh_c"'),
    `__nsh_s=\${__nsh_s:-$?}`,
  ].join(';');
  return `PROMPT_COMMAND=${quoteForBash(body)}\n${end('130')}`;
}

function inFolder(name: string): string {
  return `"$__nsh_p/${name}"`;
}

/** Answered by `S number cwd` as soon as bash is back at top level. */
export function syncLine(number: number): string {
  return `\\builtin printf 'S ${number} %s\\0' "\${PWD-}" 1<>${inFolder('status')}\n`;
}

/** Read as it stands, whatever the user's aliases are: one of a keyword would be expanded in it. */
function withoutAliases(line: string): string {
  return [
    '\\builtin shopt -q expand_aliases&&__nsh_x=s||__nsh_x=u;\\builtin shopt -u expand_aliases||:',
    line,
    '\\builtin shopt "-$__nsh_x" expand_aliases||:;\\builtin unset -v __nsh_x||:',
    '',
  ].join('\n');
}

/** Writes what `restoreLines` reads; answered by `N number` when the file is complete. The first brings the function. */
export function snapshotLine(number: number, path: string): string {
  const file = quoteForBash(path);
  const define = number === 1 ? withoutAliases(SNAPSHOT_FUNCTION) : '';
  const done = `\\builtin printf 'N ${number}\\0' 1<>${inFolder('status')}`;
  return `${define}__nsh_d ${file} 2>/dev/null||:;\\builtin trap -p >>${file}||:;${done}\n`;
}
