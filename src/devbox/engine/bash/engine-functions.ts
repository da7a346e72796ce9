import { quoteForBash } from './quote-for-bash.ts';

const LETTERS = 'abcdefghijklmnopqrstuvwxyz';
/** All names, without a child process and whatever IFS is. */
const ALL_VARIABLES = [...`_${LETTERS}${LETTERS.toUpperCase()}`]
  .map((letter) => `"\${!${letter}@}"`)
  .join(' ');

/** bash's own: readonly, which would end a restore under bash 3.2, or without meaning elsewhere. */
const NOT_KEPT = [
  'BASH',
  'BASHOPTS',
  'BASHPID',
  // All but BASH_ENV, BASH_XTRACEFD and what bash-completion has.
  'BASH_[!CEX]*',
  'BASH_C[!O]*',
  'BASH_COM[!P]*',
  'BASH_COMPAT',
  'COMP_*',
  'DIRSTACK',
  'EPOCH*',
  'EUID',
  'FUNCNAME',
  'GROUPS',
  'HISTCMD',
  'LINENO',
  'OLDPWD',
  'PIPESTATUS',
  'PPID',
  'PROMPT_COMMAND',
  'PWD',
  'RANDOM',
  'SHELLOPTS',
  'SRANDOM',
  'UID',
  '_',
  '__nsh_*',
].join('|');

/**
 * `__nsh_d FILE` writes the shell's state, all but the traps, which bash puts away while a function runs. Each part has a
 * redirection of its own: a DEBUG trap under `set -T` prints before that takes effect.
 */
export const SNAPSHOT_FUNCTION = [
  '__nsh_d(){ \\builtin shopt -p >|"$1"||:',
  // Before the functions: one of them may be called complete.
  '\\builtin complete -p >>"$1"||:',
  // Functions before aliases, which would be expanded in them; after the options that change how they are read.
  ...['declare -f', 'declare -F', 'alias -p', 'umask -p', 'set +o'].map(
    (part) => `\\builtin ${part} >>"$1"||:`,
  ),
  `for __nsh_v in ${ALL_VARIABLES};do case $__nsh_v in ${NOT_KEPT});;*)\\builtin declare -p "$__nsh_v" >&9||:;;esac;done 9>>"$1"`,
  `\\builtin printf '\\\\builtin cd -- %q\\nOLDPWD=%q\\n' "\${PWD-.}" "\${OLDPWD-}" >>"$1"||:`,
  '}',
].join(';');

/**
 * What every shell of the engine has. It keeps the lines short that each command costs: bash reads those byte by byte, at
 * some 0.3 µs each.
 *
 * `$__nsh_p` is the session's folder.
 * `__nsh_r STATUS` gives a command the `$?` of its predecessor; `__nsh_b ID` and `__nsh_e ID STATUS` report begin and end,
 * first to the journal. That may not take it (disk full), which must be no error of the user's.
 */
export function engineFunctions(dir: string): string {
  const report = (text: string) => {
    const printf = `\\builtin printf ${text}`;
    return `${printf} >>"$__nsh_p/journal"||:;${printf} 1<>"$__nsh_p/status"`;
  };
  return [
    // Readonly from the first time on; a server that takes the shell over defines all of it again.
    `\\builtin test -n "\${__nsh_p-}"||\\builtin declare -r __nsh_p=${quoteForBash(dir)}`,
    '__nsh_r(){ return "$1";}',
    `__nsh_b(){ ${report(`'B %s\\0' "$1"`)};}`,
    `__nsh_e(){ ${report(`'E %s %s %s %s\\0' "$1" "$2" "$-" "\${PWD-}"`)};}`,
    '',
  ].join('\n');
}
