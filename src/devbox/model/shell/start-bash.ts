import { join } from 'node:path';
import type { BashProgram } from '../../engine/bash/find-bash.ts';
import { BashSession } from '../../engine/bash-session.ts';

/** What every bash of one devbox starts with. */
export interface BashSetting {
  readonly bash: BashProgram;
  /** The directory in which each bash gets a folder of its own for its FIFOs. */
  readonly sessionsDir: string;
  /** The directory for the states of shells, to be restored. */
  readonly snapshotsDir: string;
  /** The directory for the environments that shells were given. */
  readonly environmentsDir: string;
  readonly home: string;
  /** What a bash inherits whose shell was given nothing of its own. */
  readonly env: Readonly<Record<string, string>>;
  /** Whether bash lives on when this server was killed, until another takes it over. */
  readonly keepsShells: boolean;
  /** What every bash of the devbox has, whatever its shell was given. */
  readonly ownEnv: Readonly<Record<string, string>>;
}

export interface BashStart {
  /** Of its folder in `sessionsDir`: by this name another server finds it. */
  readonly name: string;
  readonly cwd: string;
  /** In place of the devbox's `env`; unset: that. */
  readonly environment?: Readonly<Record<string, string>> | undefined;
  /** The shell that it is for; unset: a command's own bash. */
  readonly shell?: { readonly name: string; readonly key: string };
  /** Where its state is written whenever it is idle; unset: nowhere. */
  readonly snapshotPath?: string;
  /** A state to begin with. */
  readonly restoreFrom?: string;
}

/** How long a bash waits for another server when this one was killed, ms: whoever was away for a day finds it. */
const ORPHAN_LIFE_MS = 24 * 60 * 60 * 1000;

/** @throws Error that says why bash could not be started, such as a directory that is gone */
export async function startBash(setting: BashSetting, start: BashStart): Promise<BashSession> {
  const { name, cwd, environment = setting.env, shell, ...state } = start;
  return BashSession.start({
    ...state,
    bash: setting.bash,
    dir: join(setting.sessionsDir, name),
    cwd,
    // PWD keeps the path as it was given where it leads through a symbolic link.
    env: {
      ...environment,
      ...setting.ownEnv,
      ...(shell === undefined ? {} : { NSH_SHELL: shell.name, NSH_SHELL_ID: shell.key }),
      PWD: cwd,
    },
    orphanLifeMs: setting.keepsShells ? ORPHAN_LIFE_MS : 0,
  });
}
