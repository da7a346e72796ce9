import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { routes } from '../../../src/api/routes.ts';
import type { TestDevbox } from '../../helpers/devbox-server.ts';
import { post } from '../http/raw-client.ts';

const PROGRAM = fileURLToPath(new URL('../fixtures/serve.ts', import.meta.url));

/** A devbox whose server is killed and started again, over the same state. */
export class MortalDevbox implements TestDevbox {
  readonly home: string;
  readonly stateDir: string;
  readonly server: TestDevbox['server'];
  readonly #root: string;
  #process: ChildProcess | undefined;

  static async start(): Promise<MortalDevbox> {
    const root = await mkdtemp(join(tmpdir(), 'nsh-mortal-'));
    const devbox = new MortalDevbox(root, await mkdtemp(join(root, 'home-')));
    await devbox.start();
    return devbox;
  }

  private constructor(root: string, home: string) {
    this.#root = root;
    this.home = home;
    this.stateDir = join(root, 'state');
    const socketPath = join(root, 'nsh.sock');
    const close = () => this[Symbol.asyncDispose]();
    this.server = { url: 'http://localhost', socketPath, closed: Promise.resolve(), close };
  }

  get pid(): number {
    return this.#process?.pid ?? 0;
  }

  /** Resolves when it answers. */
  async start(): Promise<void> {
    const args = [PROGRAM, join(this.#root, 'nsh.sock'), this.stateDir, this.home];
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    this.#process = child;
    const exited = once(child, 'exit').then(([code]) => {
      throw new Error(`The server ended with ${code} before it was ready.`);
    });
    await Promise.race([once(child.stdout, 'data'), exited]);
    exited.catch(() => undefined);
  }

  /** SIGKILL. */
  async kill(): Promise<void> {
    const ended = this.ended();
    this.#process?.kill('SIGKILL');
    await ended;
  }

  async restart(): Promise<void> {
    await this.kill();
    await this.start();
  }

  /** Resolves when its process has ended. */
  async ended(): Promise<void> {
    const child = this.#process;
    if (child !== undefined && child.exitCode === null && child.signalCode === null)
      await once(child, 'exit');
  }

  /** Stops it in peace, which ends the shells. */
  async [Symbol.asyncDispose](): Promise<void> {
    const child = this.#process;
    if (child?.exitCode !== null || child.signalCode !== null) await this.start();
    await post(this, routes.stopServer());
    await this.ended();
    await rm(this.#root, { recursive: true, force: true });
  }
}
