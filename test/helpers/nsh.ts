import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { hasLeftShells } from '../../src/devbox/server/left-shells.ts';
import { stopBackgroundServer } from './stop-background-server.ts';

const root = path.join(import.meta.dirname, '../..');
/** An installed program can be tested in the place of the built one. */
const built = process.env.NSH_TEST_CLI ?? path.join(root, 'dist/cli.js');

interface NshOptions {
  readonly input?: Uint8Array | string;
  readonly cwd?: string;
  readonly env?: Record<string, string>;
  /** Shell commands that limit the process, and the server that it starts, such as `ulimit -n 100`. */
  readonly limits?: string;
  /** Options of node itself. */
  readonly nodeOptions?: readonly string[];
  /** Path of another program than the built one. */
  readonly program?: string;
}

interface NshEnd {
  /** 128+n for a signal, as a shell would say. */
  readonly status: number;
  readonly stdout: string;
  readonly stdoutBytes: Buffer;
  readonly stderr: string;
}

/** An nsh that runs. Its stdin is open until it is ended. */
export interface RunningNsh {
  readonly child: ChildProcessWithoutNullStreams;
  /** Resolves, with all of stdout so far, once it holds `text`; rejects when nsh ended without it. */
  printed(text: string): Promise<string>;
  /** The same for stderr. */
  complained(text: string): Promise<string>;
  readonly ended: Promise<NshEnd>;
}

/** The built program with a state directory, a runtime directory and a home of its own. */
export interface NshHome extends AsyncDisposable {
  /** Path of the program, for a test that starts it in its own way with `env`. */
  readonly program: string;
  readonly stateDir: string;
  readonly home: string;
  readonly env: Readonly<Record<string, string>>;
  /** Runs nsh to its end. Without `input` its stdin is empty. */
  run(args: readonly string[], options?: NshOptions): Promise<NshEnd>;
  start(args: readonly string[], options?: NshOptions): RunningNsh;
}

/** Makes a home for nsh; disposing it stops its server and whatever was started. */
export async function nshHome(): Promise<NshHome> {
  const dir = await mkdtemp(path.join(os.tmpdir(), 'nsh-'));
  const [stateDir, home, runtime] = ['state', 'home', 'run'].map((name) => path.join(dir, name)) as [
    string,
    string,
    string,
  ];
  await Promise.all([mkdir(home), mkdir(runtime, { mode: 0o700 })]);
  const env = {
    PATH: process.env.PATH ?? '/usr/bin:/bin',
    HOME: home,
    NSH_STATE_DIR: stateDir,
    XDG_RUNTIME_DIR: runtime,
    // Shared by all homes, so that not every one of them compiles the program anew.
    NODE_COMPILE_CACHE: path.join(root, 'node_modules/.cache/nsh-test'),
  };
  const running = new Set<ChildProcessWithoutNullStreams>();

  function start(args: readonly string[], options: NshOptions = {}): RunningNsh {
    const program = [process.execPath, ...(options.nodeOptions ?? []), options.program ?? built, ...args];
    const limited = ['bash', '-c', `${options.limits}; exec "$0" "$@"`, ...program];
    const [file = '', ...rest] = options.limits === undefined ? program : limited;
    const child = spawn(file, rest, {
      cwd: options.cwd ?? home,
      env: { ...env, ...options.env },
    });
    running.add(child);
    const closed = once(child, 'close').finally(() => running.delete(child));
    // A command that does not read its input closes it: what it then misses is no failure of the test.
    child.stdin.on('error', () => undefined);
    const [stdout, stderr] = [collect(child.stdout, closed), collect(child.stderr, closed)];
    const ended = closed.then(
      ([code, signal]): NshEnd => ({
        status: code ?? 128 + os.constants.signals[signal as NodeJS.Signals],
        stdout: stdout.bytes().toString(),
        stdoutBytes: stdout.bytes(),
        stderr: stderr.bytes().toString(),
      }),
    );
    return { child, printed: stdout.until, complained: stderr.until, ended };
  }

  function run(args: readonly string[], options: NshOptions = {}): Promise<NshEnd> {
    const { child, ended } = start(args, options);
    child.stdin.end(options.input ?? '');
    return ended;
  }

  return {
    program: built,
    stateDir,
    home,
    env,
    start,
    run,
    async [Symbol.asyncDispose]() {
      for (const child of running) child.kill('SIGKILL');
      const isStopped = (await stopBackgroundServer(env)) || !(await hasLeftShells(stateDir));
      const { status, stderr } = isStopped ? { status: 0, stderr: '' } : await run(['stop']);
      await rm(dir, { recursive: true, force: true, maxRetries: 5 });
      if (status !== 0) throw new Error(`The server could not be stopped: ${stderr}`);
    },
  };
}

interface Collected {
  bytes(): Buffer;
  until(text: string): Promise<string>;
}

function collect(stream: NodeJS.ReadableStream, closed: Promise<unknown>): Collected {
  const chunks: Buffer[] = [];
  const bytes = () => Buffer.concat(chunks);
  let changed = Promise.withResolvers<void>();
  const wake = () => {
    changed.resolve();
    changed = Promise.withResolvers();
  };
  let isOver = false;
  stream.on('data', (chunk: Buffer) => {
    chunks.push(chunk);
    wake();
  });
  closed.then(() => {
    isOver = true;
    wake();
  });
  return {
    bytes,
    async until(text) {
      for (;;) {
        const seen = bytes().toString();
        if (seen.includes(text)) return seen;
        if (isOver)
          throw new Error(`nsh ended without ${JSON.stringify(text)}; it wrote ${JSON.stringify(seen)}`);
        await changed.promise;
      }
    },
  };
}
