import { parseArgs } from 'node:util';
import { nearest } from '../repl/state/text/nearest.ts';
import { CliError } from './cli-error.ts';
import type { PlayChoice } from './commands/play.ts';
import { EXIT } from './exit-status.ts';
import { isCommand, OPTIONS, type Place } from './options.ts';

export interface DevboxChoice {
  /** Undefined: the local one. */
  readonly devboxId?: string;
  readonly baseUrl?: string;
  /** Keeps it alive while the REPL is attached. */
  readonly keepAlive?: true;
}

/** Undefined name: a new shell, named by the client. */
export interface ShellChoice {
  readonly name?: string;
}

export type Invocation =
  | { readonly kind: 'help' | 'version' | 'stop' | 'restart' | 'serve-background' }
  | {
      readonly kind: 'attach';
      shell: ShellChoice;
      devbox: DevboxChoice;
      stopAtFailure: boolean;
      plain?: true;
    }
  | { readonly kind: 'run'; command: string; shell: ShellChoice; devbox: DevboxChoice }
  | { readonly kind: 'ls'; json: boolean; devbox: DevboxChoice }
  | { readonly kind: 'history'; name: string; limit: number; json: boolean; devbox: DevboxChoice }
  | {
      readonly kind: 'log';
      name: string;
      which: string;
      follow: boolean;
      late: boolean;
      json: boolean;
      devbox: DevboxChoice;
    }
  | ({ readonly kind: 'play'; devbox: DevboxChoice } & PlayChoice)
  | { readonly kind: 'watch'; name: string; json: boolean; devbox: DevboxChoice }
  | { readonly kind: 'close'; name: string; force: boolean; devbox: DevboxChoice }
  | { readonly kind: 'serve'; listen: string; allowRemote: boolean; json: boolean };

const DEFAULT_SHELL_NAME = 'main';
const DEFAULT_PLAY_NAME = 'demo';
const DEFAULT_HISTORY_LIMIT = 100;

const SEE_HELP = 'See `nsh --help`.';
const usage = (message: string) => new CliError(EXIT.usage, `${message} ${SEE_HELP}`);

/** What stood on the command line, not yet judged. */
interface Words {
  readonly place: Place;
  readonly positionals: readonly string[];
  readonly values: ReadonlyMap<string, string | true>;
}

function unknownOption(given: string): CliError {
  const known = Object.entries(OPTIONS).flatMap(([name, { short, help }]) =>
    help === undefined ? [] : short ? [`--${name}`, `-${short}`] : [`--${name}`],
  );
  // A short option has no meaningful neighbour: every other one is a single edit away.
  const near = given.startsWith('--') ? nearest(given, known) : undefined;
  return usage(`unknown option \`${given}\`.${near ? ` Did you mean \`${near}\`?` : ''}`);
}

const listed = (words: readonly string[]) =>
  [words.slice(0, -1).join(', '), ...words.slice(-1)].filter(Boolean).join(' and ');

function readWords(args: readonly string[]): Words {
  const options = Object.fromEntries(
    Object.entries(OPTIONS).map(([name, { type, short }]) => [name, short ? { type, short } : { type }]),
  );
  const { tokens } = parseArgs({ args: [...args], options, strict: false, tokens: true });
  const values = new Map<string, string | true>();
  const positionals: string[] = [];
  let place: Place = 'shell';
  let terminated = false;
  for (const token of tokens) {
    if (token.kind === 'option-terminator') terminated = true;
    if (token.kind === 'positional') {
      const isFirstWord = !terminated && positionals.length === 0 && place === 'shell';
      if (isFirstWord && isCommand(token.value)) place = token.value;
      // What many would type; `-s help` is a shell of that name.
      else if (isFirstWord && token.value === 'help') values.set('help', true);
      else positionals.push(token.value);
    }
    if (token.kind === 'option') values.set(token.name, checkedValue(token, values));
  }
  for (const name of values.keys()) {
    const places = OPTIONS[name]?.places ?? [];
    if (!places.includes(place)) {
      throw usage(
        place === 'shell'
          ? `\`--${name}\` belongs to ${listed(places.map((one) => `\`nsh ${one}\``))}.`
          : `\`nsh ${place}\` takes no \`--${name}\`.`,
      );
    }
  }
  return { place, positionals, values };
}

interface OptionToken {
  readonly name: string;
  readonly rawName: string;
  readonly value?: string | undefined;
  readonly inlineValue?: boolean | undefined;
}

function checkedValue(token: OptionToken, earlier: ReadonlyMap<string, string | true>): string | true {
  const spec = OPTIONS[token.name];
  if (!spec) throw unknownOption(token.rawName);
  if (earlier.has(token.name)) throw usage(`\`${token.rawName}\` is given twice.`);
  if (spec.type === 'boolean') {
    if (token.value !== undefined) throw usage(`\`${token.rawName}\` takes no value.`);
    return true;
  }
  // A command may well begin with a dash; anything else that does is a forgotten value.
  const forgotten = token.inlineValue === false && token.name !== 'command' && token.value?.startsWith('-');
  if (token.value === undefined || forgotten) {
    throw usage(`\`${token.rawName}\` needs a value: \`${token.rawName} ${spec.value}\`.`);
  }
  return token.value;
}

function readDevbox({ values }: Words): DevboxChoice {
  const devboxId = values.get('devbox') as string | undefined;
  const baseUrl = values.get('base-url') as string | undefined;
  if (devboxId === '') throw usage('`--devbox` needs the id of a devbox, not an empty text.');
  if (baseUrl !== undefined && devboxId === undefined) {
    throw usage('`--base-url` says where a remote devbox is: name it with `--devbox ID`.');
  }
  if (baseUrl !== undefined && !/^https?:\/\//i.test(baseUrl)) {
    throw usage(`\`--base-url ${baseUrl}\` is not an http or https address.`);
  }
  const keepAlive = values.has('keep-alive');
  if (keepAlive && devboxId === undefined) {
    throw usage(
      '`--keep-alive` is for a remote devbox: name it with `--devbox ID`. The local one lives on by itself.',
    );
  }
  if (keepAlive && values.has('command')) {
    throw usage('`--keep-alive` is for the REPL: `-c` ends with its command.');
  }
  return {
    ...(devboxId !== undefined && { devboxId }),
    ...(baseUrl !== undefined && { baseUrl }),
    ...(keepAlive && { keepAlive }),
  };
}

function readName(words: Words): string | undefined {
  const { place, positionals, values } = words;
  const option = values.get('shell') as string | undefined;
  const takesName = OPTIONS.shell?.places.includes(place);
  const [first, second] = positionals;
  if (!takesName && first !== undefined)
    throw usage(`\`nsh ${place}\` takes no argument, but got \`${first}\`.`);
  if (second !== undefined) {
    const hint =
      place === 'shell' && !values.has('command')
        ? ` To run a command: \`nsh -c '${positionals.join(' ')}'\`.`
        : '';
    throw usage(`one shell name is enough, but got \`${first}\` and \`${second}\`.${hint}`);
  }
  if (first !== undefined && option !== undefined) {
    throw usage(`the shell is named twice: \`${first}\` and \`--shell ${option}\`.`);
  }
  const name = option ?? first;
  // A server would look for it at the address of the list.
  if (name === '') throw new CliError(EXIT.refused, 'the name of a shell cannot be empty.');
  return name;
}

function readShell(words: Words): ShellChoice {
  const name = readName(words);
  if (!words.values.has('new')) return { name: name ?? DEFAULT_SHELL_NAME };
  if (name !== undefined) throw usage(`\`--new\` makes a name of its own, but got \`${name}\` too.`);
  return {};
}

/** The number of the last argument, and the words before it. */
function readLog(words: Words): { name: string; which: string } {
  const which = words.positionals.at(-1);
  const name = readName({ ...words, positionals: words.positionals.slice(0, -1) });
  if (which === undefined || name === undefined) {
    throw usage('`nsh log` needs the name of a shell and a number of `nsh history`: `nsh log NAME N`.');
  }
  if (which === '' || /^0+$/.test(which)) {
    throw usage(`\`${which}\` is no number of a command: they begin with 1, and \`nsh history\` shows them.`);
  }
  return { name, which };
}

function readPlay(words: Words): PlayChoice {
  const [file, ...rest] = words.positionals;
  if (!file) throw usage('`nsh play` needs a script: `nsh play FILE`.');
  const record = words.values.get('record') as string | undefined;
  const size = readSize(words.values.get('size') as string | undefined);
  const stay = words.values.has('stay');
  if (size !== undefined && record === undefined) {
    throw usage('`--size` is for `--record FILE`: without a terminal there is nothing else to see.');
  }
  if (size !== undefined && stay) throw usage('`--stay` hands over at a terminal, `--size` is without one.');
  const name = readName({ ...words, positionals: rest }) ?? DEFAULT_PLAY_NAME;
  return { file, name, fast: words.values.has('fast'), stay, record, size };
}

function readSize(text: string | undefined): PlayChoice['size'] {
  if (text === undefined) return undefined;
  const [, columns, rows] = (/^(\d{1,3})x(\d{1,3})$/.exec(text) ?? []).map(Number);
  if (columns && rows && columns >= 20 && rows >= 5) return { columns, rows };
  throw usage(`\`--size ${text}\` is no size from 20x5 to 999x999, as \`80x24\` is.`);
}

function readLimit({ values }: Words): number {
  const text = values.get('limit') as string | undefined;
  if (text === undefined) return DEFAULT_HISTORY_LIMIT;
  const limit = /^\d+$/.test(text) ? Number(text) : 0;
  if (limit >= 1 && Number.isSafeInteger(limit)) return limit;
  throw usage(`\`--limit ${text}\` is not a whole number of 1 or more.`);
}

/**
 * @param args without the program's name
 * @throws CliError with status 64 and a text that names the nearest option
 */
export function parseArguments(args: readonly string[]): Invocation {
  const words = readWords(args);
  const { place, values } = words;
  if (values.has('help')) return { kind: 'help' };
  if (values.has('version')) return { kind: 'version' };
  const json = values.has('json');
  if (place === 'shell') {
    const shell = readShell(words);
    const devbox = readDevbox(words);
    const stopAtFailure = values.has('errexit');
    const command = values.get('command') as string | undefined;
    const plain = values.has('plain') && { plain: true as const };
    if (command === undefined) return { kind: 'attach', shell, devbox, stopAtFailure, ...plain };
    if (plain) throw usage('`--plain` is for lines typed at a terminal: `-c` draws nothing anyway.');
    if (stopAtFailure) throw usage('`--errexit` is for scripts on stdin: `-c` runs one command alone.');
    return { kind: 'run', command, shell, devbox };
  }
  const devbox = readDevbox(words);
  if (place === 'log') {
    return {
      kind: 'log',
      ...readLog(words),
      follow: values.has('follow'),
      late: values.has('late'),
      json,
      devbox,
    };
  }
  if (place === 'play') return { kind: 'play', ...readPlay(words), devbox };
  const name = readName(words);
  switch (place) {
    case 'ls':
      return { kind: 'ls', json, devbox };
    case 'history':
      return { kind: 'history', name: name ?? DEFAULT_SHELL_NAME, limit: readLimit(words), json, devbox };
    case 'watch':
      return { kind: 'watch', name: name ?? DEFAULT_SHELL_NAME, json, devbox };
    case 'close':
      if (name === undefined) throw usage('`nsh close` needs the name of a shell: `nsh close NAME`.');
      return { kind: 'close', name, force: values.has('force'), devbox };
    case 'stop':
    case 'restart':
      return { kind: place };
    case 'serve':
      if (values.has('background')) return { kind: 'serve-background' };
      return {
        kind: 'serve',
        listen: (values.get('listen') as string | undefined) ?? '127.0.0.1:0',
        allowRemote: values.has('allow-remote'),
        json,
      };
  }
}
