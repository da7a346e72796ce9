// biome-ignore-all lint/suspicious/noTemplateCurlyInString: bash's
import type { CompspecQuery } from '../../editor/completion/compspec-place.ts';
import { quoted } from './quoted.ts';

/** Where bash-completion is put: by Linux, by hand, by Homebrew, by MacPorts, by Nix. */
export const BASH_COMPLETION_FILES = [
  '/usr/share/bash-completion/bash_completion',
  '/usr/local/share/bash-completion/bash_completion',
  '/opt/homebrew/share/bash-completion/bash_completion',
  '/home/linuxbrew/.linuxbrew/share/bash-completion/bash_completion',
  '/opt/local/share/bash-completion/bash_completion',
  '/run/current-system/sw/share/bash-completion/bash_completion',
  '/etc/bash_completion',
];
/** Its version 1, for bash before 4.2. */
export const OLD_BASH_COMPLETION_FILES = [
  '/opt/homebrew/etc/bash_completion',
  '/usr/local/etc/bash_completion',
];

/** Lines of the output: what stands between the two was told by a completion function. */
export const COMPSPEC_MARK = '=';
export const COMPSPEC_END_MARK = '/';
/** In the place of the first: in the order in which it is to be shown. */
export const COMPSPEC_IN_ORDER_MARK = '=o';

/** What the function of `complete -D` returns when it has loaded what was missing: look it up again. */
const LOOK_AGAIN = 124;

/**
 * Lines that run the completion specification of a command, as bash does on Tab, and show what that replies. bash's own
 * `compgen -F` gives a function no line, so it is called here, with a `compopt` of ours.
 *
 * It runs in a subshell, so that a function may exit, and with stdout closed to it. Every variable is global there: what
 * bash-completion declares has to outlive the function that loads it.
 *
 * @param files where bash-completion may be
 */
export function compspecLines(
  compspec: CompspecQuery,
  files: readonly string[] = BASH_COMPLETION_FILES,
): string[] {
  const { name, line, words, current, directory, typedDirectory, quote } = compspec;
  return [
    COMPOPT,
    FIND,
    LOAD_ONE,
    OPTIONS,
    SHOW_REPLIES,
    RUN,
    tellFunction(files),
    `__nsh_name=${quoted(name)} __nsh_current=${quoted(current)}`,
    `__nsh_directory=${quoted(directory)} __nsh_typed=${quoted(typedDirectory)} __nsh_quote=${quoted(quote)}`,
    `COMP_LINE=${quoted(line)} COMP_WORDS=(${words.map(quoted).join(' ')}) COMP_CWORD=${words.length - 1}`,
    // `%`: one is picked in a menu. Cobra's functions leave their descriptions out then.
    'COMP_TYPE=37 COMP_KEY=9',
    '__nsh_replies=$(__nsh_tell)',
    `[[ -z $__nsh_replies ]] || \\builtin printf '%s\\n' "$__nsh_replies" '${COMPSPEC_END_MARK}'`,
  ];
}

const COMPOPT = `compopt() {
  while (( $# )); do
    case $1 in
      -o) __nsh_options+="$2 "; \\builtin shift ;;
      +o) __nsh_options=\${__nsh_options//" $2 "/ }; \\builtin shift ;;
    esac
    \\builtin shift
  done
}`;

/** `__nsh_find NAME…`: the words of the first one's spec. */
const FIND = `__nsh_find() {
  for __nsh_n; do
    __nsh_l=$(\\builtin complete -p -- "$__nsh_n") || \\builtin continue
    \\builtin eval "__nsh_spec=(\${__nsh_l#complete })"
    \\builtin return 0
  done
  \\builtin return 1
}`;

/** Without bash-completion: a file that a program has brought for it may do alone, as that of git does. */
const LOAD_ONE = `__nsh_load_one() {
  IFS=:
  \\builtin set -f
  __nsh_dirs=(\${BASH_COMPLETION_USER_DIR:-\${XDG_DATA_HOME:-$HOME/.local/share}/bash-completion})
  for __nsh_n in \${XDG_DATA_DIRS:-/usr/local/share:/usr/share}; do __nsh_dirs+=("$__nsh_n/bash-completion"); done
  \\builtin set +f
  IFS=$' \\t\\n'
  for __nsh_n in "\${__nsh_dirs[@]}"; do
    for __nsh_l in "$1" "$1.bash" "_$1"; do
      [[ -f $__nsh_n/completions/$__nsh_l ]] || \\builtin continue
      \\builtin . "$__nsh_n/completions/$__nsh_l" >/dev/null
      \\builtin return 0
    done
  done
  \\builtin return 1
}`;

/** Reads the words of the spec. Those that bash's own \`compgen\` understands are left to it. */
const OPTIONS = `__nsh_read_spec() {
  __nsh_options=' ' __nsh_function= __nsh_command= __nsh_filter= __nsh_before= __nsh_behind= __nsh_actions=()
  while (( $# > 1 )); do
    case $1 in
      -o) __nsh_options+="$2 " ;;
      -F) __nsh_function=$2 ;;
      -C) __nsh_command=$2 ;;
      -X) __nsh_filter=$2 ;;
      -P) __nsh_before=$2 ;;
      -S) __nsh_behind=$2 ;;
      -A | -G | -W)
        __nsh_actions+=("$1" "$2")
        [[ $1 == -G || $2 == file || $2 == directory ]] && __nsh_options+='filenames ' ;;
      -[a-z])
        __nsh_actions+=("$1")
        [[ $1 == -[fd] ]] && __nsh_options+='filenames '
        \\builtin shift
        \\builtin continue ;;
      *) \\builtin return ;;
    esac
    \\builtin shift 2
  done
}`;

/** Carries the spec out. Fails when it is to be looked up again. */
const RUN = `__nsh_run() {
  \\builtin unset COMPREPLY
  COMPREPLY=()
  if [[ -n $__nsh_function ]]; then
    "$__nsh_function" "$__nsh_name" "$__nsh_current" "$__nsh_previous" >/dev/null
    (( $? == ${LOOK_AGAIN} )) && \\builtin return 1
  fi
  IFS=$' \\t\\n'
  __nsh_l=
  (( \${#__nsh_actions[@]} )) && __nsh_l=$(\\builtin compgen "\${__nsh_actions[@]}" -- "$__nsh_current")
  if [[ -n $__nsh_command ]]; then
    \\builtin export COMP_LINE COMP_POINT COMP_TYPE COMP_KEY
    __nsh_l+=$'\\n'$(\\builtin eval "$__nsh_command"' "$__nsh_name" "$__nsh_current" "$__nsh_previous"')
  fi
  [[ $__nsh_options == *' plusdirs '* ]] && __nsh_l+=$'\\n'$(\\builtin compgen -d -- "$__nsh_current")
  __nsh_split
  if (( ! \${#COMPREPLY[@]} )) && [[ $__nsh_options == *' dirnames '* ]]; then
    __nsh_options+='filenames '
    __nsh_l=$(\\builtin compgen -d -- "$__nsh_current")
    __nsh_split
  fi
  \\builtin return 0
}
__nsh_split() {
  IFS=$'\\n'
  \\builtin set -f
  COMPREPLY+=($__nsh_l)
  \\builtin set +f
  IFS=$' \\t\\n'
}`;

const SHOW_REPLIES = `__nsh_show_replies() {
  __nsh_space=1
  [[ $__nsh_options == *' nospace '* ]] && __nsh_space=0
  __nsh_pattern=\${__nsh_filter//&/$__nsh_current}
  __nsh_first=
  for __nsh_n in "\${COMPREPLY[@]}"; do
    if [[ -n $__nsh_filter ]]; then
      if [[ $__nsh_filter == '!'* ]]; then
        [[ $__nsh_n == \${__nsh_pattern#!} ]] || \\builtin continue
      else
        [[ $__nsh_n == $__nsh_pattern ]] && \\builtin continue
      fi
    fi
    # Some tell the quote that is still open with it.
    [[ -n $__nsh_quote && $__nsh_n == "$__nsh_quote"* ]] && __nsh_n=\${__nsh_n#?}
    __nsh_n=$__nsh_before$__nsh_n$__nsh_behind
    [[ -n $__nsh_n ]] || \\builtin continue
    if [[ -z $__nsh_first ]]; then
      __nsh_first=1
      if [[ $__nsh_options == *' nosort '* ]]; then \\builtin echo '${COMPSPEC_IN_ORDER_MARK}'; else \\builtin echo '${COMPSPEC_MARK}'; fi
    fi
    if [[ $__nsh_options == *' filenames '* ]]; then
      # compgen leaves the directory as it was typed.
      [[ $__nsh_typed != "$__nsh_directory" && $__nsh_n == "$__nsh_typed"* ]] && __nsh_n=$__nsh_directory\${__nsh_n#"$__nsh_typed"}
      __nsh_l=$__nsh_n
      [[ $__nsh_n == '~/'* ]] && __nsh_l=$HOME\${__nsh_n#'~'}
      if [[ -d $__nsh_l ]]; then
        \\builtin printf 'd%q\\n' "\${__nsh_n%/}"
      elif (( __nsh_space )); then
        \\builtin printf 'f%q\\n' "$__nsh_n"
      else
        \\builtin printf 'g%q\\n' "$__nsh_n"
      fi
    elif (( __nsh_space )); then
      \\builtin printf 'w%q\\n' "$__nsh_n"
    else
      \\builtin printf 'W%q\\n' "$__nsh_n"
    fi
  done
}`;

function tellFunction(files: readonly string[]): string {
  const among = (paths: readonly string[]) => paths.map(quoted).join(' ');
  return `__nsh_tell() {
  \\builtin set +o posix
  \\builtin shopt -s extglob progcomp
  # A file whose name begins with a dot is told when a dot was typed.
  \\builtin bind 'set match-hidden-files off' >/dev/null
  COMP_POINT=\${#COMP_LINE}
  __nsh_previous=\${COMP_WORDS[COMP_CWORD-1]}
  __nsh_spec=()
  if ! __nsh_find "$__nsh_name" "\${__nsh_name##*/}"; then
    # An alias of plain words stands for them.
    __nsh_l=$(\\builtin alias -- "$__nsh_name") && \\builtin eval "__nsh_l=\${__nsh_l#*=}" || __nsh_l=
    if [[ -n $__nsh_l && $__nsh_l != *[!A-Za-z0-9_./+,%\\ -]* ]]; then
      __nsh_spec=($__nsh_l)
      COMP_LINE=$__nsh_l\${COMP_LINE:\${#COMP_WORDS[0]}}
      COMP_POINT=\${#COMP_LINE}
      COMP_WORDS=("\${__nsh_spec[@]}" "\${COMP_WORDS[@]:1}")
      (( COMP_CWORD += \${#__nsh_spec[@]} - 1 ))
      __nsh_name=\${__nsh_spec[0]}
      __nsh_previous=\${COMP_WORDS[COMP_CWORD-1]}
      __nsh_spec=()
      __nsh_find "$__nsh_name"
    fi
  fi
  if ! { \\builtin declare -F _completion_loader || \\builtin declare -F _comp_load || \\builtin declare -F _comp_complete_load; } >/dev/null; then
    __nsh_files=(${among(files)})
    (( BASH_VERSINFO[0] * 100 + BASH_VERSINFO[1] < 402 )) && __nsh_files=(${among(OLD_BASH_COMPLETION_FILES)})
    for __nsh_n in "\${__nsh_files[@]}"; do
      [[ -r $__nsh_n ]] || \\builtin continue
      \\builtin . "$__nsh_n" >/dev/null
      \\builtin break
    done
  fi
  # A loader may answer with another one.
  for __nsh_try in 1 2 3 4; do
    if (( ! \${#__nsh_spec[@]} )) && ! __nsh_find "$__nsh_name" "\${__nsh_name##*/}"; then
      if __nsh_l=$(\\builtin complete -p -D); then
        \\builtin eval "__nsh_spec=(\${__nsh_l#complete })"
      else
        (( __nsh_try == 1 )) && __nsh_load_one "\${__nsh_name##*/}" || \\builtin return
        __nsh_find "$__nsh_name" "\${__nsh_name##*/}" || \\builtin return
      fi
    fi
    __nsh_read_spec "\${__nsh_spec[@]}"
    # bash-completion's own word for: nothing is known of the command.
    [[ $__nsh_function == _minimal || $__nsh_function == _comp_complete_minimal ]] && \\builtin return
    if __nsh_run; then
      __nsh_show_replies
      \\builtin return
    fi
    __nsh_spec=()
  done
}`;
}
