import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { hasLeftShells } from '../../src/devbox/server/left-shells.ts';
import { stopBackgroundServer } from './stop-background-server.ts';
import { openTerminal, type TerminalOptions, type TerminalSession } from './terminal.ts';

const ENTRY = path.join(import.meta.dirname, '../../dist/cli.js');

/** A state directory with its own background server, which is stopped and deleted in the end. */
export interface Place extends Disposable, AsyncDisposable {
  readonly env: Record<string, string>;
  /** A folder to start `nsh` in. */
  readonly cwd: string;
  /** Runs the program without a terminal and gives its stdout. */
  run(args: readonly string[], input?: string): string;
  /** Opens the REPL in a pty and waits for its prompt. */
  open(args?: readonly string[], options?: TerminalOptions): Promise<TerminalSession>;
}

export function createPlace(extraEnv: Record<string, string> = {}): Place {
  const root = mkdtempSync(path.join(os.tmpdir(), 'e'));
  const cwd = path.join(root, 'work');
  const home = path.join(root, 'home');
  execFileSync('mkdir', ['-p', cwd, home]);
  const env: Record<string, string> = {
    PATH: process.env.PATH ?? '',
    HOME: home,
    LANG: 'C.UTF-8',
    NSH_STATE_DIR: path.join(root, 'state'),
    XDG_RUNTIME_DIR: root,
    GIT_CONFIG_GLOBAL: '/dev/null',
    // Shared by all places, so that not every one of them compiles the program anew.
    NODE_COMPILE_CACHE: path.join(import.meta.dirname, '../../node_modules/.cache/nsh-test'),
    ...extraEnv,
  };
  const run: Place['run'] = (args, input) =>
    execFileSync(process.execPath, [ENTRY, ...args], {
      cwd,
      env,
      encoding: 'utf8',
      ...(input === undefined ? {} : { input }),
    });
  return {
    env,
    cwd,
    run,
    async open(args = [], options = {}) {
      const terminal = openTerminal(process.execPath, [ENTRY, ...args], {
        cwd,
        ...options,
        env: { ...env, ...options.env },
      });
      await terminal.waitFor('❯');
      return terminal;
    },
    [Symbol.dispose]() {
      run(['stop']);
      rmSync(root, { recursive: true, force: true });
    },
    async [Symbol.asyncDispose]() {
      if (!(await stopBackgroundServer(env)) && (await hasLeftShells(env.NSH_STATE_DIR ?? ''))) run(['stop']);
      await rm(root, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}
