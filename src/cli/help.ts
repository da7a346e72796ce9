import { EXIT_STATUS_HELP } from './exit-status.ts';
import { OPTIONS } from './options.ts';

function table(rows: readonly (readonly [string, string])[]): string {
  const width = Math.max(...rows.map(([left]) => left.length));
  return rows.map(([left, right]) => `  ${left.padEnd(width)}  ${right}`).join('\n');
}

function optionRows(): (readonly [string, string])[] {
  return Object.entries(OPTIONS).flatMap(([name, { short, value, help }]) =>
    help === undefined
      ? []
      : [[`${short ? `-${short}, ` : '    '}--${name}${value ? ` ${value}` : ''}`, help] as const],
  );
}

const USAGE = table([
  ['nsh [NAME]', 'attach to the shell NAME (default main), made when it is not there'],
  ['nsh -c CMD [NAME]', 'run one command in it'],
  ['nsh [NAME] <script', 'run a script in it, command by command'],
  ['nsh ls', 'list the shells'],
  ['nsh history [NAME]', 'the commands of a shell, of every client, with numbers'],
  ['nsh log NAME N', 'what command N of that list printed; also by its execution id'],
  ['nsh watch [NAME]', 'what happens in a shell, live, until Ctrl-C'],
  ['nsh play FILE', 'type a script into the REPL as a person would, to show it or to record it'],
  ['nsh close NAME', 'end one: its bash, its jobs; --force, or a yes, when commands run or wait in it'],
  ['nsh stop', 'end the local devbox and every shell in it'],
  ['nsh restart', 'replace the local devbox by this build; its shells, and what runs in them, go on'],
  ['nsh serve', 'serve a devbox of this machine over HTTP, in the foreground'],
]);

const ENVIRONMENT = table([
  ['RUNLOOP_API_KEY', 'the key (bearer token) for --devbox'],
  ['RUNLOOP_BASE_URL', 'the server for --devbox'],
  [
    'HTTPS_PROXY',
    'the proxy on the way there, as HTTP_PROXY is for an http address; NO_PROXY: hosts without',
  ],
  ['NSH_TOKEN', 'the token that `nsh serve` asks for (default: a random one, shown at start)'],
  ['NSH_STATE_DIR', 'where nsh keeps what it writes (default $XDG_STATE_HOME/nsh or ~/.local/state/nsh)'],
  ['NSH_DEBUG=1', 'show stack traces with errors'],
]);

/** What `nsh --help` prints. */
export function helpText(): string {
  return `nsh: named shells that outlive the terminal. Working directory, variables and functions stay
in a shell between commands, sessions and clients.

Usage:
${USAGE}

Options, before or after NAME:
${table(optionRows())}

A shell whose name is that of a command: \`nsh -- ls\` or \`nsh --shell ls\`.

While a command of -c or of a script runs, Ctrl-C interrupts it, each press anew, and Ctrl-\\ kills it; the
shell stays. When a second Ctrl-C has not ended it, a third leaves nsh and lets it run. A closed terminal
(SIGHUP) and SIGTERM end nsh alone: the command goes on in its shell, as in tmux. When the reader of stdout
goes away, the command is interrupted, as it would be in a pipeline.

Exit status:
${table(EXIT_STATUS_HELP)}

Environment:
${ENVIRONMENT}
`;
}
