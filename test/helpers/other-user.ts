import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { chmodSync, copyFileSync, linkSync, mkdtempSync, rmSync } from 'node:fs';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { afterAll } from 'vitest';

/** Nobody's. */
export const OTHER_UID = 54_321;

/** Only root can act as somebody else: elsewhere such a test is skipped. */
export const canBeOther = process.getuid?.() === 0;

export interface OtherEnd {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a program of node (`import` works, `process.argv` from 1 on are the arguments) as another user to its end. */
export async function asOther(program: string, ...args: readonly string[]): Promise<OtherEnd> {
  const child = startOther(program, ...args);
  const closed = new Promise<number | null>((resolve) => child.once('close', resolve));
  const [status, stdout, stderr] = await Promise.all([closed, text(child.stdout), text(child.stderr)]);
  return { status, stdout, stderr };
}

/** The same, and does not wait for its end. */
export function startOther(
  program: string,
  ...args: readonly string[]
): ChildProcessByStdio<null, Readable, Readable> {
  return spawn(nodeForOthers(), ['--input-type=module', '-e', program, '--', ...args], {
    uid: OTHER_UID,
    gid: OTHER_UID,
    cwd: '/',
    env: { PATH: '/usr/bin:/bin' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

let folderOfNode: string | undefined;

/** A checkout may be closed to others (`mktemp -d` is), and node with it: they are given one of their own. */
function nodeForOthers(): string {
  if (folderOfNode === undefined) {
    folderOfNode = mkdtempSync('/tmp/nsh-node-');
    chmodSync(folderOfNode, 0o755);
    try {
      linkSync(process.execPath, `${folderOfNode}/node`);
    } catch {
      // It is on another file system.
      copyFileSync(process.execPath, `${folderOfNode}/node`);
    }
  }
  return `${folderOfNode}/node`;
}

afterAll(() => {
  if (folderOfNode !== undefined) rmSync(folderOfNode, { recursive: true });
});

export interface PublicFolder extends AsyncDisposable {
  readonly path: string;
}

/** A folder that others can reach: those that tests are given otherwise are closed to them. */
export async function publicFolder(mode: number): Promise<PublicFolder> {
  const path = await mkdtemp('/tmp/nsh-public-');
  await chmod(path, mode);
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) };
}
