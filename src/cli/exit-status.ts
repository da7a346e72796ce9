/**
 * What nsh's own exit status means when it is not the command's. The numbers follow sysexits.h where it has one:
 * scripts can tell "the command failed" from "nsh could not run it".
 */
export const EXIT = {
  ok: 0,
  failure: 1,
  usage: 64,
  refused: 65,
  notFound: 66,
  connection: 69,
  internal: 70,
  ownShell: 71,
  cannotStart: 72,
  cancelled: 73,
  unknownOutcome: 74,
  tryLater: 75,
  server: 76,
  authentication: 77,
  hangup: 129,
  interrupted: 130,
  quit: 131,
  readerGone: 141,
  terminated: 143,
} as const;

/** The table that `nsh --help` shows. */
export const EXIT_STATUS_HELP: readonly (readonly [status: string, meaning: string])[] = [
  ['0-255', 'with -c and scripts: the exit status of the (last) command'],
  ['1', '`nsh close`, `log` and the like: there is no such shell or command; `nsh play`: cut short'],
  ['64', 'usage: unknown option, missing or surplus argument'],
  ['65', 'refused: a bad shell name; a command empty, too long or with a NUL; `nsh close`: it is busy'],
  ['66', 'no such devbox; `nsh play`: the script cannot be read'],
  ['69', 'no connection to the devbox'],
  ['70', 'an error inside nsh, or a Node that is too old'],
  ['71', 'refused: the command is for the shell that this nsh runs inside of'],
  ['72', 'the local devbox cannot start: no bash, or its state directory cannot be written'],
  ['73', 'the command did not run: it was cancelled, or could not be started'],
  ['74', 'unknown: the command may be running, or may have run'],
  ['75', 'the server is busy or took too long: try again'],
  ['76', 'the server failed, or does not offer what was asked'],
  ['77', 'the key was refused, or is missing'],
  ['129 130 131 143', 'nsh itself was ended by a hangup, Ctrl-C, SIGQUIT or SIGTERM'],
  ['141', 'the reader of stdout went away'],
];
