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
  'BASH_[!EX]*',
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
 * Functions that every shell of the engine has.
 *
 * `__nsh_r STATUS` gives a command the `$?` of its predecessor.
 *
 * `__nsh_d FILE` writes the shell's state, all but the traps, which bash puts away while a function runs. Each part has a
 * redirection of its own: a DEBUG trap under `set -T` prints before that takes effect.
 */
export const ENGINE_FUNCTIONS = [
  '__nsh_r(){ return "$1"; }',
  [
    '__nsh_d(){ \\builtin shopt -p >|"$1"||:',
    // Functions before aliases, which would be expanded in them; after the options that change how they are read.
    ...['declare -f', 'declare -F', 'alias -p', 'umask -p', 'set +o'].map(
      (part) => `\\builtin ${part} >>"$1"||:`,
    ),
    `for __nsh_v in ${ALL_VARIABLES};do case $__nsh_v in ${NOT_KEPT});;*)\\builtin declare -p "$__nsh_v" >&9||:;;esac;done 9>>"$1"`,
    `\\builtin printf '\\\\builtin cd -- %q\\nOLDPWD=%q\\n' "\${PWD-.}" "\${OLDPWD-}" >>"$1"||:`,
    '}',
  ].join(';'),
].join('\n');
