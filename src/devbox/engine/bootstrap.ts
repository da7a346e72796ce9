import { ENGINE_FUNCTIONS } from './engine-functions.ts';
import type { BashProgram } from './find-bash.ts';
import { quoteForBash } from './quote-for-bash.ts';

/**
 * The lines that the server writes into bash's control FIFO. Rules that all of them keep:
 *
 * - A command's text never stands in a line: it goes through a file, so no open quote, heredoc or `}` of it can
 *   swallow the markers. It runs at top level, never in a function (`declare` would be local) or a loop (`break`
 *   would escape).
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

export interface InitLines {
  statusPath: string;
  journalPath: string;
  /** What the server would pass on of its own starter's. */
  closeFds: readonly number[];
}

/** Answered by `R pid flags cwd`. */
export function initLines({ statusPath, journalPath, closeFds }: InitLines): string {
  return [
    "set +o history +H;history -c;unset HISTFILE MAILCHECK MAIL PROMPT_COMMAND;PS1= PS2= PS4='+ '",
    'shopt -s execfail',
    ENGINE_FUNCTIONS,
    'set -m',
    ...closeFds.map((fd) => `exec ${fd}>&-`),
    readyLine(statusPath, journalPath),
  ].join('\n');
}

function readyLine(statusPath: string, journalPath: string): string {
  return `${reportTwice(`'R %s %s %s\\0' "$$" "$-" "\${PWD-}"`, journalPath, statusPath)}\n`;
}

/**
 * Brings a snapshot's state into a fresh shell; answered by `R pid flags cwd`. Where it cannot (bash's own readonly
 * variables, a folder that is gone) it goes on in silence.
 */
export function restoreLines(snapshotPath: string, statusPath: string, journalPath: string): string {
  const restore = `\\builtin . ${quoteForBash(snapshotPath)} </dev/null >/dev/null 2>&1||:`;
  // The functions of the engine that wrote the snapshot may not be this one's.
  return `${restore}\n${ENGINE_FUNCTIONS}\n${readyLine(statusPath, journalPath)}`;
}

export interface RunLines {
  form: BashForm;
  id: number;
  /** The `$?` that the command finds. */
  lastStatus: number;
  statusPath: string;
  /** A regular file that gets the same records, and gets them first. */
  journalPath: string;
  commandPath: string;
  stdoutPath: string;
  /** Undefined: into stdout. */
  stderrPath: string | undefined;
  /** A FIFO, or undefined for /dev/null. */
  stdinPath?: string | undefined;
}

/** Answered by `B id` when the command is about to run, and by `E id status flags cwd` when its foreground has ended. */
export function runLines(lines: RunLines): string {
  const report = (text: string) => reportTwice(text, lines.journalPath, lines.statusPath);
  const begin = report(`'B ${lines.id}\\0'`);
  // `&&:` keeps $? and shields it from `set -e` and from an ERR trap.
  const carry = `__nsh_r ${lines.lastStatus}&&:`;
  const outputs = `>${quoteForBash(lines.stdoutPath)} 2>${lines.stderrPath === undefined ? '&1' : quoteForBash(lines.stderrPath)}`;
  const end = (otherwise: string) =>
    `__nsh_s=\${__nsh_s:-${otherwise}};${report(`'E ${lines.id} %s %s %s\\0' "$__nsh_s" "$-" "\${PWD-}"`)}\n`;

  // B comes after bash has opened an attached stdin: closing the FIFO before that would leave bash waiting for a
  // writer for ever.
  const beginAndRun = (run: string) =>
    lines.stdinPath === undefined
      ? `${begin};${carry};${run} </dev/null ${outputs}`
      : `{ ${begin};${carry};${run} ${outputs};} <${quoteForBash(lines.stdinPath)}`;

  // Empty until the status is known: an interrupt throws bash out of the line before that.
  if (lines.form === 'source') {
    return `__nsh_s=;${beginAndRun(`\\builtin . ${quoteForBash(lines.commandPath)}`)}\n${end('$?')}`;
  }
  const body = [
    '\\builtin unset -v PROMPT_COMMAND',
    '__nsh_s=',
    // At the end of the file `read` ends with 1.
    `IFS= \\builtin read -r -d '' __nsh_c <${quoteForBash(lines.commandPath)}||:`,
    beginAndRun('\\builtin eval "$__nsh_c"'),
    `__nsh_s=\${__nsh_s:-$?}`,
  ].join(';');
  return `PROMPT_COMMAND=${quoteForBash(body)}\n${end('130')}`;
}

/** The journal may not take it (disk full): that must be no error of the user's. */
function reportTwice(text: string, journalPath: string, statusPath: string): string {
  const printf = `\\builtin printf ${text}`;
  return `${printf} >>${quoteForBash(journalPath)}||:;${printf} 1<>${quoteForBash(statusPath)}`;
}

/** Answered by `S number cwd` as soon as bash is back at top level. */
export function syncLine(number: number, statusPath: string): string {
  return `\\builtin printf 'S ${number} %s\\0' "\${PWD-}" 1<>${quoteForBash(statusPath)}\n`;
}

/** Writes what `restoreLines` reads; answered by `N number` when the file is complete. */
export function snapshotLine(number: number, path: string, statusPath: string): string {
  const file = quoteForBash(path);
  const status = quoteForBash(statusPath);
  return `__nsh_d ${file} 2>/dev/null||:;\\builtin trap -p >>${file}||:;\\builtin printf 'N ${number}\\0' 1<>${status}\n`;
}
