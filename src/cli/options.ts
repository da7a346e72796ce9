/** Where an option may stand. `shell` is `nsh [NAME]` in all its forms: attach, -c, script. */
export type Place = 'shell' | CommandName;

export interface OptionSpec {
  readonly type: 'string' | 'boolean';
  readonly short?: string;
  /** The word for the value in help. */
  readonly value?: string;
  /** Undefined: not shown. */
  readonly help?: string;
  readonly places: readonly Place[];
}

export const COMMANDS = [
  'ls',
  'history',
  'log',
  'watch',
  'play',
  'close',
  'stop',
  'restart',
  'serve',
] as const;
export type CommandName = (typeof COMMANDS)[number];
export const isCommand = (word: string): word is CommandName =>
  (COMMANDS as readonly string[]).includes(word);

const everywhere: readonly Place[] = ['shell', ...COMMANDS];
/** Those that look at one shell, or end it. */
const ofOneShell: readonly Place[] = ['history', 'log', 'watch', 'play', 'close'];

/** The options as data: the parser, its messages and the help are made from it. */
export const OPTIONS: Readonly<Record<string, OptionSpec>> = {
  command: {
    type: 'string',
    short: 'c',
    value: 'CMD',
    help: 'run one command and exit with its status; piped stdin goes to it',
    places: ['shell'],
  },
  shell: {
    type: 'string',
    short: 's',
    value: 'NAME',
    help: 'the shell, when its name looks like a command or an option',
    places: ['shell', ...ofOneShell],
  },
  new: { type: 'boolean', help: 'a new shell, named by a UUIDv7', places: ['shell'] },
  errexit: {
    type: 'boolean',
    short: 'e',
    help: 'scripts: stop at the first command that fails',
    places: ['shell'],
  },
  plain: {
    type: 'boolean',
    help: 'the REPL in lines, nothing drawn: for screen readers, and as with TERM=dumb',
    places: ['shell'],
  },
  force: {
    type: 'boolean',
    short: 'f',
    help: '`nsh close`: end also what runs and waits in the shell, without a question',
    places: ['close'],
  },
  devbox: {
    type: 'string',
    value: 'ID',
    help: 'a remote devbox; the key is read from RUNLOOP_API_KEY',
    places: ['shell', 'ls', ...ofOneShell],
  },
  'base-url': {
    type: 'string',
    value: 'URL',
    help: 'where its server is (default RUNLOOP_BASE_URL, then https://api.runloop.ai)',
    places: ['shell', 'ls', ...ofOneShell],
  },
  'keep-alive': {
    type: 'boolean',
    help: 'keep the remote devbox alive while the REPL is attached to it',
    places: ['shell'],
  },
  record: {
    type: 'string',
    value: 'FILE',
    help: '`nsh play`: record it for asciinema; no file is overwritten',
    places: ['play'],
  },
  size: {
    type: 'string',
    value: '80x24',
    help: '`nsh play --record`: without a terminal, as on one of this size',
    places: ['play'],
  },
  fast: { type: 'boolean', help: '`nsh play`: without pauses', places: ['play'] },
  stay: {
    type: 'boolean',
    help: '`nsh play`: hand the keyboard over in the end, and keep the shell',
    places: ['play'],
  },
  limit: {
    type: 'string',
    short: 'n',
    value: 'N',
    help: '`nsh history`: so many of the newest commands (default 100)',
    places: ['history'],
  },
  follow: {
    type: 'boolean',
    help: '`nsh log`: wait for the end of a command that runs',
    places: ['log'],
  },
  late: {
    type: 'boolean',
    help: '`nsh log`: what its background jobs printed after its end',
    places: ['log'],
  },
  json: {
    type: 'boolean',
    help: '`nsh ls`, `history`, `log`, `watch`, `serve`: answer for programs',
    places: ['ls', 'history', 'log', 'watch', 'serve'],
  },
  listen: {
    type: 'string',
    value: 'HOST:PORT',
    help: '`nsh serve`: where to listen (default 127.0.0.1:0, a free port)',
    places: ['serve'],
  },
  'allow-remote': {
    type: 'boolean',
    help: '`nsh serve`: listen beyond this machine too, unencrypted',
    places: ['serve'],
  },
  background: { type: 'boolean', places: ['serve'] },
  help: { type: 'boolean', short: 'h', help: 'this text', places: everywhere },
  version: { type: 'boolean', short: 'V', help: 'the version', places: everywhere },
};
