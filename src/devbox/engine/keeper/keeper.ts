import { spawn } from 'node:child_process';
import { closeSync, constants, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { inheritedFds } from '../bash/inherited-fds.ts';
import { fifoNumber, fifoUse } from '../fifos/fifo-names.ts';
import { readProcess } from '../processes/process-table.ts';
import { FIRST_KEEPER_FIFO, keeperFifos } from './keeper-fifos.ts';
import { CONTROL_FD, FIRST_HELD_FD, KEEPER_SCRIPT } from './keeper-script.ts';

/** What a keeper answers within a millisecond may take this long on a machine that is badly overloaded. */
const ANSWER_LIMIT_MS = 5000;
/** To find out whether an orphaned keeper still lives. */
const ADOPTION_LIMIT_MS = 2000;
const MOST_SECONDS = 2 ** 31 - 1;

/** A keeper's process; its start time is told on Linux. */
export interface KeeperProcess {
  pid: number;
  startedAt: number;
}

export interface KeeperOptions {
  dir: string;
  bashPath: string;
  /** How long a session outlives its server, in ms. */
  orphanLifeMs: number;
}

/**
 * The server's side of a small process that holds the session's FIFOs open as well: when the server is killed, neither
 * bash nor a running command meets end of file, SIGPIPE or a lost byte. Its own session and signals; it ends when it is
 * told to, or when no server has come for as long as the session may wait.
 *
 * Where it cannot be had any more, the shell goes on without; only the server's death would end it.
 */
export class Keeper {
  /** Of one that this server has started. */
  readonly process: KeeperProcess | undefined;
  readonly #fd: number;
  readonly #waiting = new Map<number, () => void>();
  #dead = false;
  #closed = false;

  /** Starts one; the status FIFO must be read, and its `K` records passed to `answered`. */
  static start(options: KeeperOptions, fifo = FIRST_KEEPER_FIFO): Keeper {
    const path = join(options.dir, fifo);
    // A writer while it is opened for reading, which would wait for one.
    const both = openSync(path, constants.O_RDWR | constants.O_NONBLOCK);
    const input = openSync(path, constants.O_RDONLY);
    try {
      const fd = openSync(path, constants.O_WRONLY | constants.O_NONBLOCK);
      const seconds = Math.min(MOST_SECONDS, Math.ceil(options.orphanLifeMs / 1000));
      const child = spawn(
        options.bashPath,
        [
          '--noprofile',
          '--norc',
          '-c',
          KEEPER_SCRIPT,
          'nsh-keeper',
          String(seconds),
          inheritedFds().join(' '),
          fifo,
        ],
        {
          cwd: options.dir,
          env: { PATH: '/usr/bin:/bin' },
          stdio: [input, 'ignore', 'ignore'],
          detached: true,
        },
      );
      child.unref();
      const keeper = new Keeper(fd, child.pid);
      child.once('error', () => keeper.#lost());
      child.once('exit', () => keeper.#lost());
      return keeper;
    } finally {
      closeSync(input);
      closeSync(both);
    }
  }

  /** The keeper of a session whose server is dead, to be told `adopt`; undefined when there is none any more. */
  static find(dir: string): Keeper | undefined {
    const fd = openWriteEnd(dir);
    return fd === undefined ? undefined : new Keeper(fd);
  }

  private constructor(fd: number, pid?: number) {
    this.#fd = fd;
    const startedAt = pid === undefined ? undefined : readProcess(pid)?.startedAt;
    this.process = pid === undefined || startedAt === undefined ? undefined : { pid, startedAt };
  }

  /** This server is the one it watches from now on; false when it does not answer. */
  adopt(): Promise<boolean> {
    return this.#ask('a', 0, 'keeper', ADOPTION_LIMIT_MS);
  }

  /** A `K` record has come. */
  answered(fd: number): void {
    this.#waiting.get(fd)?.();
  }

  /** Resolves when it has the named FIFOs open. */
  async hold(names: readonly string[]): Promise<void> {
    const verb = (name: string) => (fifoUse(name) === 'input' ? 'w' : 'r');
    await Promise.all(names.map((name) => this.#ask(verb(name), heldFd(name), name, ANSWER_LIMIT_MS)));
  }

  /** Lets go of a FIFO. For an attached stdin that is the moment when the command can see its end. */
  drop(name: string): void {
    this.#tell(`c ${heldFd(name)}`);
  }

  /** bash sees the end of its input when the server has closed its end too. */
  dropControl(): void {
    this.#tell(`c ${CONTROL_FD}`);
  }

  quit(): void {
    if (this.#closed) return;
    this.#tell('q');
    this.#lost();
    this.#closed = true;
    closeSync(this.#fd);
  }

  async #ask(verb: string, fd: number, name: string, limitMs: number): Promise<boolean> {
    if (this.#dead) return false;
    const { promise, resolve } = Promise.withResolvers<boolean>();
    const limit = setTimeout(() => resolve(false), limitMs);
    this.#waiting.set(fd, () => resolve(!this.#dead));
    this.#tell(`${verb} ${fd} ${name}`);
    const done = await promise;
    clearTimeout(limit);
    this.#waiting.delete(fd);
    return done;
  }

  /** One short line: the kernel takes it whole, or not at all. */
  #tell(line: string): void {
    if (this.#dead) return;
    try {
      writeSync(this.#fd, `${line}\n`);
    } catch {
      this.#lost(); // its process is gone (EPIPE), or has not read for thousands of lines
    }
  }

  #lost(): void {
    this.#dead = true;
    for (const resolve of this.#waiting.values()) resolve();
  }
}

function heldFd(name: string): number {
  return FIRST_HELD_FD + fifoNumber(name);
}

function openWriteEnd(dir: string): number | undefined {
  try {
    return openSync(
      join(dir, keeperFifos(dir).at(-1) ?? FIRST_KEEPER_FIFO),
      constants.O_WRONLY | constants.O_NONBLOCK,
    );
  } catch {
    return undefined; // ENXIO: nobody reads; ENOENT: no such session
  }
}
