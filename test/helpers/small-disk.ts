import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished, type TestContext } from 'vitest';

/** A file system of 3 MiB for one test, which is skipped where this user may not mount one. */
export function smallDisk(context: TestContext): string {
  const dir = mkdtempSync(join(tmpdir(), 'nsh-disk-'));
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
  try {
    execFileSync('/bin/sh', ['-c', 'mount -t tmpfs -o size=3m,mode=0700 tmpfs "$0"', dir], {
      stdio: 'ignore',
    });
  } catch {
    context.skip('mounting a small file system is not permitted here');
  }
  onTestFinished(() => void execFileSync('/bin/sh', ['-c', 'umount -l "$0"', dir]));
  return dir;
}
