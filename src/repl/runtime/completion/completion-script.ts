// biome-ignore-all lint/suspicious/noTemplateCurlyInString: bash's
import type { PathPart } from '../../editor/completion/word-parts.ts';
import type { DevboxQuery } from '../../state/completion/completion-query.ts';
import { compspecLines } from './compspec-script.ts';
import { quoted } from './quoted.ts';

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
  /** What a completion function told, `w` with a blank behind it; `g` is a file without one. */
  w: 'word',
  W: 'word',
  g: 'file',
} as const;

/**
 * A command that prints what may stand in the place of a word, a candidate a line. It starts no program but bash and what
 * completion functions start, and reads directories.
 *
 * In a bash of its own: it reads no file of the user's, takes no alias, and is there where the devbox's default
 * shell is another. Sorted by bytes, so that the first and the last have in common what all have.
 *
 * @param stateFile where the shell wrote its variables, functions, aliases, options and completions when it was last idle
 * @param bashCompletion where that may be; unset: where it is put
 */
export function completionScript(
  query: DevboxQuery & { readonly base: string },
  stateFile: string | undefined,
  bashCompletion?: readonly string[],
): string {
  const { cwd } = query;
  const compspec = query.type === 'path' ? query.compspec : undefined;
  const script = [
    ...(stateFile === undefined ? [] : stateLines(stateFile)),
    SORT_BY_BYTES,
    ...(cwd === undefined ? [] : [`\\builtin cd -- ${quoted(cwd)} || \\builtin exit ${NO_DIRECTORY}`]),
    SHOW,
    ...(compspec === undefined ? [] : compspecLines(compspec, bashCompletion)),
    ...linesOf(query),
  ].join('\n');
  // From stdin and not as an argument: other users of the devbox see those, and it holds a line that was not sent.
  // BASH_ENV names a file that bash would read first.
  const end = endMarkFor(script);
  return `{ BASH_ENV= "\${BASH:-bash}" --noprofile --norc 2>/dev/null <<'${end}'\n{ ${script}\n} </dev/null\n${end}\n}`;
}

/** A line that is none of the text's. */
function endMarkFor(text: string): string {
  const lines = new Set(text.split('\n'));
  let mark = '__nsh_end';
  while (lines.has(mark)) mark += '_';
  return mark;
}

/** Functions and variables with this prefix are the devbox's own, or the script's. */
export const OWN_PREFIX = '__nsh_';

/**
 * Takes the shell's state over, but not its traps, which stand at the end behind the directory: they would run here. From then
 * on any name may be a function or an alias of the user's (`$(…)` is read again when it runs), and any variable readonly.
 */
function stateLines(stateFile: string): string[] {
  return [
    // Line by line: cutting the text with `%%` takes minutes for a megabyte.
    '__nsh_s=()',
    'while IFS= read -r __nsh_l; do [[ $__nsh_l == \'\\builtin cd -- \'* ]] && break; __nsh_s+=("$__nsh_l")',
    `done < ${quoted(stateFile)}`,
    // A line of the user's that looks like that one costs names, but lets no trap in.
    'IFS=$\'\\n\'; eval "${__nsh_s[*]}" >/dev/null || :',
    '\\builtin set +eufxvCT',
    '\\builtin unset GLOBIGNORE',
    "IFS=$' \\t\\n'",
  ];
}

const SORT_BY_BYTES =
  'LC_CTYPE=${LC_ALL:-${LC_CTYPE:-${LANG-}}}; \\builtin unset LC_ALL; \\builtin export LC_CTYPE LC_COLLATE=C';

/** `__nsh_show MARK NAME…` */
const SHOW = `__nsh_show() {
  if (( $# > ${MOST_CANDIDATES} + 1 )); then
    \\builtin echo '${MORE_MARK}'
    \\builtin printf "$1%q\\n" "\${@:2:${MOST_CANDIDATES}}" "\${@:$#}"
  elif (( $# > 1 )); then
    \\builtin printf "$1%q\\n" "\${@:2}"
  fi
}`;

function linesOf(query: DevboxQuery & { readonly base: string }): string[] {
  const base = quoted(query.base);
  switch (query.type) {
    case 'path':
      return pathLines(query, base);
    case 'variable':
      return [BY_LINES, listed('v', 'variable', base)];
    case 'user':
      return [BY_LINES, listed('u', 'user', base)];
    case 'command':
      return [
        BY_LINES,
        listed('a', 'alias', base),
        listed('F', 'function', base),
        listed('b', 'builtin', base),
        listed('k', 'keyword', base),
        listed('c', 'command', base),
      ];
  }
}

const BY_LINES = "IFS=$'\\n'; \\builtin set -f";

function listed(mark: keyof typeof KIND_MARKS, action: string, base: string): string {
  return `__nsh_show ${mark} $(\\builtin compgen -A ${action} -- ${base})`;
}

function pathLines(
  { directory, executables, base: typed }: Extract<DevboxQuery, { type: 'path' }> & { readonly base: string },
  base: string,
): string[] {
  return [
    '\\builtin shopt -u dotglob nocaseglob failglob; \\builtin shopt -s nullglob',
    // A quoted slash would keep the tilde from being expanded.
    `__nsh_d=${directory
      .map(inBash)
      .join('')
      .replace(/^(~[^']*)'\//, "$1/'")}`,
    // A variable that is not set here is one that only the shell knows.
    ...directory.flatMap((part) =>
      part.type === 'variable' ? [`[[ -n "\${${part.name}+x}" ]] || \\builtin exit ${NO_DIRECTORY}`] : [],
    ),
    `__nsh_all=("$__nsh_d"${base}*) __nsh_dirs=("$__nsh_d"${base}*/)`,
    ...(typed === '..' ? ['__nsh_dirs+=("$__nsh_d../")'] : []),
    '__nsh_dirs=("${__nsh_dirs[@]%/}")',
    ...(executables ? [ONLY_EXECUTABLES] : []),
    '__nsh_show d "${__nsh_dirs[@]#"$__nsh_d"}"',
    '__nsh_show f "${__nsh_all[@]#"$__nsh_d"}"',
  ];
}

const ONLY_EXECUTABLES = [
  '__nsh_run=()',
  'for __nsh_f in "${__nsh_all[@]}"; do [[ -f $__nsh_f && -x $__nsh_f ]] && __nsh_run+=("$__nsh_f"); done',
  '__nsh_all=("${__nsh_run[@]}")',
].join('\n');

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
