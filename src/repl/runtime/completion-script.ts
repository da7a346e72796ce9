import type { PathPart } from '../editor/completion/word-parts.ts';
import type { DevboxQuery } from '../state/completion-query.ts';

/** More are not told: nobody looks through them. */
export const MOST_CANDIDATES = 2_000;
/** What the script ends with when the directory to look in is not there, or cannot be told. */
export const NO_DIRECTORY = 3;

/** A line that begins with it says that there are more. */
export const MORE_MARK = '+';

/** Of a candidate's line: what it is; the rest is its name as `printf %q` writes it. */
export const KIND_MARKS = {
  d: 'directory',
  f: 'file',
  a: 'alias',
  F: 'function',
  b: 'builtin',
  k: 'keyword',
  c: 'command',
  v: 'variable',
  u: 'user',
} as const;

/**
 * A command that prints what may stand in the place of a word, a candidate a line. It starts no program but bash, and
 * reads directories.
 *
 * In a bash of its own: `-c` reads no file of the user's, takes no alias, and is there where the devbox's default
 * shell is another. Sorted by bytes, so that the first and the last have in common what all have.
 */
export function completionScript(query: DevboxQuery & { readonly base: string }): string {
  const script = [
    SORT_BY_BYTES,
    ...(query.cwd === undefined ? [] : [`cd -- ${quoted(query.cwd)} 2>/dev/null || exit ${NO_DIRECTORY}`]),
    SHOW,
    ...linesOf(query),
  ].join('\n');
  // BASH_ENV names a file that bash would read first.
  return `BASH_ENV= "\${BASH:-bash}" --noprofile --norc -c ${quoted(`{ ${script}\n}`)} </dev/null 2>/dev/null`;
}

// biome-ignore lint/suspicious/noTemplateCurlyInString: bash's
const SORT_BY_BYTES = 'LC_CTYPE=${LC_ALL:-${LC_CTYPE:-${LANG-}}}; unset LC_ALL; LC_COLLATE=C';

/** `nsh_show MARK NAME…` */
const SHOW = `nsh_show() {
  local mark=$1; shift
  if (( $# > ${MOST_CANDIDATES} )); then
    echo '${MORE_MARK}'
    printf "$mark%q\\n" "\${@:1:${MOST_CANDIDATES}}" "\${@:$#}"
  elif (( $# > 0 )); then
    printf "$mark%q\\n" "$@"
  fi
}`;

function linesOf(query: DevboxQuery & { readonly base: string }): string[] {
  const base = quoted(query.base);
  switch (query.type) {
    case 'path':
      return pathLines(query, base);
    case 'variable':
      return [IFS, listed('v', 'variable', base)];
    case 'user':
      return [IFS, listed('u', 'user', base)];
    case 'command':
      return [
        IFS,
        listed('a', 'alias', base),
        listed('F', 'function', base),
        listed('b', 'builtin', base),
        listed('k', 'keyword', base),
        listed('c', 'command', base),
      ];
  }
}

const IFS = "IFS=$'\\n'; set -f";

function listed(mark: keyof typeof KIND_MARKS, action: string, base: string): string {
  return `nsh_show ${mark} $(unset -f nsh_show; compgen -A ${action} -- ${base})`;
}

function pathLines(
  { directory, executables, base: typed }: Extract<DevboxQuery, { type: 'path' }> & { readonly base: string },
  base: string,
): string[] {
  return [
    'shopt -s nullglob',
    // A quoted slash would keep the tilde from being expanded.
    `d=${directory
      .map(inBash)
      .join('')
      .replace(/^(~[^']*)'\//, "$1/'")}`,
    // A variable that is not set here is one that only the shell knows.
    ...directory.flatMap((part) =>
      part.type === 'variable' ? [`[[ -n "\${${part.name}+x}" ]] || exit ${NO_DIRECTORY}`] : [],
    ),
    `all=("$d"${base}*) dirs=("$d"${base}*/)`,
    ...(typed === '..' ? ['dirs+=("$d../")'] : []),
    `dirs=("\${dirs[@]%/}"); dirs=("\${dirs[@]#"$d"}")`,
    ...(executables
      ? [`run=(); for f in "\${all[@]}"; do [[ -f $f && -x $f ]] && run+=("$f"); done; all=("\${run[@]}")`]
      : []),
    `nsh_show d "\${dirs[@]}"`,
    `nsh_show f "\${all[@]#"$d"}"`,
  ];
}

function inBash(part: PathPart): string {
  switch (part.type) {
    case 'literal':
      return quoted(part.text);
    case 'variable':
      return `"\${${part.name}-}"`;
    case 'tilde':
      return part.text;
    case 'unknown':
      return '';
  }
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
