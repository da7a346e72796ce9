import { ROUTES } from '../../../../src/devbox/http/app.ts';
import type { Random } from './random.ts';

export interface FuzzRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: readonly (readonly [string, string])[];
  readonly body: Buffer | undefined;
  /** Whether its answer may take as long as a stream or a command does. */
  readonly mayHold: boolean;
}

/**
 * What the fuzz runs. Nothing else of it is ever a command or the path of a file: bash is real, and so is the disk.
 */
const COMMANDS = [
  'true',
  'echo x',
  'false',
  'cat',
  "printf 'é\\0\\377'",
  'seq 300',
  'A=1; echo $A',
  'sleep 0.01',
  '',
];
const RARE_COMMANDS = [
  'exit 3',
  'set -e; false',
  'kill -9 $$',
  'sleep 1000',
  'cat <<EOF',
  'echo (',
  'sleep 0.05 &',
];
const FILES = [
  'fuzz',
  'fuzz/file',
  './fuzz-2',
  '.',
  '',
  'missing/file',
  'fifo',
  'fuzz/file/x',
  'fuzz\0',
  'é',
  'x'.repeat(300),
];
/** Shells of the fuzz. Their commands may wait behind each other for ever, but there are never more of them. */
const SHELLS = [
  'a',
  'b',
  'c',
  'd',
  'é ö',
  'a/b',
  '%2F',
  '-',
  '.',
  '..',
  '',
  '\n',
  'x'.repeat(255),
  'x'.repeat(256),
];
const EXECUTIONS = [
  ...Array.from({ length: 40 }, (_, n) => `fuzz-${n}`),
  'exec_none',
  '%',
  '..',
  '',
  '\0',
  'é',
];
const UUIDS = Array.from({ length: 40 }, (_, n) => `01900000-0000-7000-8000-${String(n).padStart(12, '0')}`);
const METHODS = ['GET', 'POST', 'PUT', 'DELETE', 'PATCH', 'HEAD', 'OPTIONS', 'PROPFIND', 'QUERY'];
const ODD = [
  null,
  true,
  -1,
  0,
  1,
  1.5,
  1e308,
  -0,
  '',
  'x',
  '\u0000',
  '\ud800',
  'é'.repeat(500),
  [],
  {},
  [[]],
  { a: 1 },
];

/** `DELETE` of everything, so to speak: asked of devboxes of the fuzz alone. */
const ENDS_SHELLS = /suspend|shutdown|\/v1\/devboxes\/:id$/;

const MAY_HOLD = /events|evictions|stream_|output|late|tail|wait_for|execute|resume|suspend/;

const BOUNDARY = 'the-fuzz';
const FORM_TYPE = `multipart/form-data; boundary=${BOUNDARY}`;

export function randomRequest(random: Random, devboxes: readonly string[]): FuzzRequest {
  const [method, pattern] = randomRoute(random);
  const isOwn = ENDS_SHELLS.test(pattern);
  const isForm = random.chance(pattern.endsWith('/upload_file') ? 0.8 : 0.01);
  const path = mangled(
    random,
    pattern.replace(/:(\w+)/g, (_, name) => parameter(random, name, isOwn, devboxes)),
  );
  return {
    method: random.chance(0.9) ? method : random.pick(METHODS),
    path: path + query(random),
    headers: isForm ? [...headers(random), ['content-type', FORM_TYPE]] : headers(random),
    body: isForm ? form(random) : method === 'GET' && random.chance(0.95) ? undefined : body(random),
    mayHold: MAY_HOLD.test(path),
  };
}

function randomRoute(random: Random): readonly [string, string] {
  for (;;) {
    const [method, pattern] = random.pick(ROUTES);
    // The one that ends the server does what it is for.
    if (pattern.endsWith('/server/stop')) continue;
    // What each of these makes is a home on the disk, or a bash: few are as good as many.
    const isCostly = /\/devboxes(\/create.*)?$|close$|restore$/.test(pattern) && method === 'POST';
    if (!isCostly || random.chance(0.05)) return [method, pattern];
  }
}

function parameter(random: Random, name: string, isOwn: boolean, devboxes: readonly string[]): string {
  if (name === 'id') {
    const real = isOwn ? random.pick(devboxes) : random.pick([...devboxes, 'local', 'local', 'local']);
    return random.chance(0.95) ? real : encodeURIComponent(random.pick(['dbx_none', 'LOCAL', '\0', 'é', '']));
  }
  if (name === 'stream') return random.pick(['stdout', 'stderr', 'stdin', 'stdout%00']);
  const text = random.pick(name === 'name' ? SHELLS : [...EXECUTIONS, ...UUIDS]);
  return random.chance(0.98) ? encodeURIComponent(text) : text.replace(/[^!-~]/g, '');
}

/** Sometimes a path that fits nothing any more. */
function mangled(random: Random, path: string): string {
  if (random.chance(0.92)) return path;
  const at = random.int(path.length);
  const odd = random.pick([
    '%',
    '%zz',
    '%00',
    '/',
    '//',
    '/../',
    '/./',
    ';',
    '\\',
    '%2e%2e',
    '%c3',
    '[',
    '|',
    '"',
  ]);
  return `${path.slice(0, at)}${odd}${path.slice(at)}`;
}

function query(random: Random): string {
  if (random.chance(0.6)) return '';
  const names = [
    'last_n',
    'offset',
    'limit',
    'status',
    'starting_after',
    'shell_name',
    'execution_id',
    'after',
    'force',
  ];
  const values = [
    '0',
    '1',
    '5',
    '-1',
    '1e9',
    '99999999999999999999',
    'NaN',
    '%',
    '%00',
    'é',
    'running',
    'a',
    'true',
    '',
  ];
  const pairs = Array.from(
    { length: 1 + random.int(3) },
    () => `${random.pick(names)}=${random.pick(values)}`,
  );
  return `?${encodeURI(pairs.join('&')).replaceAll('%25', '%')}`;
}

function headers(random: Random): [string, string][] {
  const all: [string, string][] = [];
  if (random.chance(0.2)) all.push(['x-request-id', random.pick(EXECUTIONS.slice(0, 41))]);
  if (random.chance(0.1)) all.push(['last-event-id', random.pick(['0', '7', '-1', 'x', '9'.repeat(30)])]);
  if (random.chance(0.1))
    all.push(['accept', random.pick(['text/event-stream', '*/*', ',;,', 'x'.repeat(200)])]);
  if (random.chance(0.1))
    all.push(['content-type', random.pick(['application/json', 'multipart/form-data', 'x', '/'])]);
  if (random.chance(0.03)) all.push([`x-${random.int(1e6)}`, 'x'.repeat(random.int(3000))]);
  if (random.chance(0.02))
    all.push([random.pick(['origin', 'sec-fetch-site']), random.pick(['null', 'cross-site'])]);
  if (random.chance(0.02)) all.push(['range', random.pick(['bytes=0-', 'bytes=-1', 'x'])]);
  return all;
}

function body(random: Random): Buffer {
  if (random.chance(0.04)) return random.bytes(random.int(200));
  if (random.chance(0.04)) return Buffer.from(random.pick(['', '{', '[]', 'null', '"', '{"a":}', '1', '﻿{}']));
  if (random.chance(0.005)) return Buffer.from('['.repeat(50_000));
  if (random.chance(0.005)) return Buffer.alloc(200_000, ' ');
  const fields: Record<string, unknown> = {};
  for (const [name, valid] of Object.entries(FIELDS)) {
    if (random.chance(ALMOST_ALWAYS.has(name) ? 0.02 : 0.7)) continue;
    fields[name] = random.chance(0.93) || name === 'command' ? valid(random) : random.pick(ODD);
  }
  if (random.chance(0.02)) fields[random.pick(['__proto__', 'constructor', 'x'])] = random.pick(ODD);
  return Buffer.from(JSON.stringify(fields));
}

/** Without a shell's name each command has a bash of its own. */
const ALMOST_ALWAYS = new Set(['command', 'command_id', 'shell_name']);

/** A form with a file, most times whole. */
function form(random: Random): Buffer {
  const part = (name: string, more: string, content: Buffer | string) => [
    Buffer.from(`--${BOUNDARY}\r\nContent-Disposition: form-data; name="${name}"${more}\r\n\r\n`),
    Buffer.from(content),
    Buffer.from('\r\n'),
  ];
  const parts = [
    part('path', '', random.pick(FILES)),
    part(random.pick(['file', 'file', 'x']), '; filename="x"', random.bytes(random.int(2000))),
    part('path', random.pick(['', '; filename=', ';;']), 'fuzz'),
  ];
  const [first, second] = random.chance(0.5) ? [0, 1] : [1, 0];
  const whole = [parts[first], parts[second], ...(random.chance(0.1) ? [parts[2]] : [])].flat();
  const bytes = Buffer.concat([
    ...whole.filter((bytes) => bytes !== undefined),
    Buffer.from(`--${BOUNDARY}--\r\n`),
  ]);
  return random.chance(0.8) ? bytes : bytes.subarray(0, random.int(bytes.length));
}

const FIELDS: Record<string, (random: Random) => unknown> = {
  command: (random) => random.pick(random.chance(0.99) ? COMMANDS : RARE_COMMANDS),
  command_id: (random) => random.pick(UUIDS),
  shell_name: (random) => (random.chance(0.995) ? random.pick(SHELLS.slice(0, 7)) : undefined),
  attach_stdin: (random) => random.chance(0.3),
  merge_stderr: (random) => random.chance(0.5),
  optimistic_timeout: (random) => random.pick([0, 0, 1]),
  timeout_seconds: (random) => random.pick([0, 0, 1]),
  statuses: (random) => random.pick([['completed'], ['running', 'completed'], ['shutdown'], [], ['queued']]),
  text: (random) => random.pick(['x\n', '', 'é', '\\x00', 'x'.repeat(10_000)]),
  signal: (random) => random.pick(['EOF', 'INTERRUPT', 'KILL']),
  kill_process_group: (random) => random.chance(0.5),
  cwd: (random) => random.pick(['/', '/tmp', '/missing', '.', '']),
  environment: (random) => random.pick([{}, { A: '1' }, { 'A B': '1' }, { PATH: '' }]),
  // A short one ends the shell, and the next command starts a bash.
  idle_timeout_ms: (random) =>
    random.chance(0.95) ? random.pick([null, 1e9, 1e15]) : random.pick([0, 1, 1000]),
  name: (random) => random.pick(['a', '', 'é']),
  metadata: (random) => random.pick([{}, { a: 'b' }, { a: 1 }]),
  launch_parameters: (random) =>
    random.pick([{}, { keep_alive_time_seconds: 60 }, { launch_commands: ['true'] }]),
  file_path: (random) => random.pick(FILES),
  path: (random) => random.pick(FILES),
  contents: (random) => random.pick(['', 'x', 'é'.repeat(1000)]),
};
