/** Never handed on: secrets of the server, and what would make bash run or print something of its own. */
const NEVER_INHERITED = [
  'NSH_TOKEN',
  'RUNLOOP_API_KEY',
  // Of the shell that nsh or its server was started in; each shell gets its own.
  'NSH_SHELL',
  'NSH_SHELL_ID',
  'NODE_COMPILE_CACHE',
  'NODE_CHANNEL_FD',
  'NODE_CHANNEL_SERIALIZATION_MODE',
  'NODE_UNIQUE_ID',
  'PROMPT_COMMAND',
  'BASH_ENV',
  'ENV',
  'BASH_XTRACEFD',
  // A parent bash that exports these would set options such as `errexit` in every shell here.
  'SHELLOPTS',
  'BASHOPTS',
  // They describe the process that started the server; bash sets its own.
  'PWD',
  'OLDPWD',
  'SHLVL',
  '_',
];

/** What `npm start` sets besides `npm_*`. NODE_ENV=production would make a user's own `npm ci` drop packages. */
const SET_BY_NPM = ['INIT_CWD', 'NODE', 'NODE_ENV', 'COLOR'];

/** npm fills EDITOR with this when the user has none; any other value is the user's own. */
const NPM_DEFAULT_EDITOR = 'vi';

/**
 * The environment that shells inherit: that of the server's process, or of the client that makes the shell, without
 * its secrets and, when npm started it, without what npm put there.
 *
 * @param inherited the environment of that process
 */
export function shellEnvironment(inherited: NodeJS.ProcessEnv): Record<string, string> {
  const startedByNpm = inherited.npm_lifecycle_event !== undefined;
  const dropped = new Set(startedByNpm ? [...NEVER_INHERITED, ...SET_BY_NPM] : NEVER_INHERITED);
  const environment: Record<string, string> = {};
  for (const [name, value] of Object.entries(inherited)) {
    if (value === undefined || dropped.has(name)) continue;
    if (startedByNpm && name.startsWith('npm_')) continue;
    if (startedByNpm && name === 'EDITOR' && value === NPM_DEFAULT_EDITOR) continue;
    environment[name] = startedByNpm && name === 'PATH' ? withoutNpmDirectories(value) : value;
  }
  return environment;
}

/** npm puts its directories in front, so only the leading ones go: later ones are the user's own choice. */
function withoutNpmDirectories(path: string): string {
  const directories = path.split(':');
  const first = directories.findIndex(
    (directory) => !/\/node_modules\/\.bin$|\/node-gyp-bin$/.test(directory),
  );
  return first === -1 ? '' : directories.slice(first).join(':');
}
