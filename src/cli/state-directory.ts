import os from 'node:os';
import path from 'node:path';

export interface StateDirectory {
  /** Absolute. */
  readonly path: string;
  /** Where the path comes from, for messages. */
  readonly source: string;
}

/** The folder in it for compiled code, which makes the next start faster. */
export const COMPILE_CACHE = 'compile-cache';

/** Where nsh writes: all of it, but the socket. Used by the entry stub too, so it is in syntax of an old Node. */
export function stateDirectory(env: NodeJS.ProcessEnv): StateDirectory {
  if (env.NSH_STATE_DIR) return { path: path.resolve(env.NSH_STATE_DIR), source: 'NSH_STATE_DIR' };
  // The XDG specification has a relative path ignored.
  if (env.XDG_STATE_HOME && path.isAbsolute(env.XDG_STATE_HOME)) {
    return { path: path.join(env.XDG_STATE_HOME, 'nsh'), source: 'XDG_STATE_HOME' };
  }
  return { path: path.join(os.homedir(), '.local/state/nsh'), source: 'the home directory' };
}
