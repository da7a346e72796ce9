/** A command at the edge of what bash does, and what must come of it. */
export interface EdgeCase {
  command: string;
  status: number;
  stdout?: string | RegExp;
  stderr?: string | RegExp;
  /** What a following `echo "$?"` finds; the shell must be alive for it. Default: `status`. */
  next?: number;
}

/** bash 3.2 says 1. */
export const SYNTAX_ERROR = 2;

/** Each runs in a shell that stays alive. */
export const SURVIVED: EdgeCase[] = [
  { command: 'if', status: SYNTAX_ERROR, stderr: /syntax error/ },
  { command: 'echo a; }', status: SYNTAX_ERROR, stderr: /syntax error/ },
  { command: 'echo "open', status: SYNTAX_ERROR, stderr: /unexpected EOF/ },
  { command: 'echo $(echo', status: SYNTAX_ERROR, stderr: /unexpected EOF|syntax error/ },
  { command: 'cat <<END\ntext', status: 0, stdout: /^text\n?$/, stderr: /here-document|^$/ },
  { command: '# nothing', status: 0 },
  { command: 'echo a # comment', status: 0, stdout: 'a\n' },
  { command: '', status: 0 },
  { command: ' \n\t\n', status: 0 },
  { command: 'echo a\\', status: 0, stdout: /^a\\?\n$/ },
  { command: 'echo !! !$ !x', status: 0, stdout: '!! !$ !x\n' },
  { command: '(exit 42)', status: 42 },
  { command: 'true; false', status: 1 },
  { command: 'nosuchcommand', status: 127, stderr: /not found/ },
  { command: 'set -u; echo $nosuch', status: 1, stderr: /unbound/ },
  { command: 'readonly r=1; r=2', status: 1, stderr: /readonly/ },
  { command: 'exec nosuchprogram', status: 127, stderr: /not found/ },
  { command: 'exec >/dev/null', status: 0 },
  { command: 'read x; echo "$? [$x]"', status: 0, stdout: '1 []\n' },
  { command: 'cat', status: 0, stdout: '' },
  { command: 'cat </dev/tty', status: 1, stderr: /tty/ },
  { command: 'bash -ic "echo inner" 2>/dev/null', status: 0, stdout: 'inner\n' },
  { command: "sh -c 'kill -STOP $$'", status: 147, next: 147 },
  {
    command: 'echo o >/dev/stdout; echo e >/dev/stderr; echo o2',
    status: 0,
    stdout: 'o\no2\n',
    stderr: 'e\n',
  },
  { command: 'PROMPT_COMMAND="echo prompt"; PS1="> "; PS4=x; IFS=0123456789', status: 0 },
  { command: 'set -nv', status: 0 },
  { command: 'set -o posix', status: 0 },
  { command: 'set -C; IFS=; printf() { echo mine; }; read() { echo mine; }', status: 0 },
  { command: 'alias printf=false eval=false unset=false', status: 0 },
  {
    command: '{ echo out; echo err >&2; } > >(cat) 2> >(cat >&2)',
    status: 0,
    stdout: 'out\n',
    stderr: 'err\n',
  },
  { command: 'break; continue', status: 0, stderr: /only meaningful/ },
  { command: 'unset PWD; set -u', status: 0 },
  { command: 'trap "echo dbg >&2" DEBUG', status: 0 },
  { command: 'set -e; ! true', status: 1 },
  { command: 'set -e; [ -f nosuch ] && echo no', status: 1 },
  { command: 'set -e; trap "echo err >&2" ERR; false || (exit 3) || true', status: 0 },
  { command: 'exec 5>five; echo five >&5', status: 0 },
  { command: 'eval "exit() { echo caught; }"; exit 3', status: 0, stdout: 'caught\n' },
  { command: 'suspend; echo resumed', status: 0, stdout: 'resumed\n' },
  { command: 'kill -STOP $$; echo resumed', status: 0, stdout: 'resumed\n' },
];

/** Each ends the shell that it runs in. */
export const ENDING = [
  { command: 'exit 3', status: 3, message: 'bash exited with 3' },
  { command: 'set -e; false', status: 1, message: 'bash exited with 1' },
  // As at a terminal.
  { command: 'set -e; eval "if (" 2>/dev/null', status: 2, message: 'bash exited with 2' },
  { command: 'kill -9 $$', status: 137, message: 'bash was ended by SIGKILL' },
  { command: 'exec true', status: 0, message: 'bash exited with 0' },
];
