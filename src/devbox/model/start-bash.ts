import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { BashSession } from '../engine/bash-session.ts';
import type { BashProgram } from '../engine/find-bash.ts';

/** What every bash of one devbox starts with. */
export interface BashSetting {
  readonly bash: BashProgram;
  /** The directory in which each bash gets a folder of its own for its FIFOs. */
  readonly sessionsDir: string;
  readonly home: string;
  readonly env: Readonly<Record<string, string>>;
}

/** @throws Error that says why bash could not be started, such as a directory that is gone */
export async function startBash(setting: BashSetting, cwd: string): Promise<BashSession> {
  const dir = join(setting.sessionsDir, randomUUID());
  // PWD keeps the path as it was given where it leads through a symbolic link.
  return BashSession.start({ bash: setting.bash, dir, cwd, env: { ...setting.env, PWD: cwd } });
}
