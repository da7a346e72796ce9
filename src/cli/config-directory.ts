import os from 'node:os';
import path from 'node:path';

/** The user's settings: `$XDG_CONFIG_HOME/named-shell/settings.conf`, or under `~/.config`, on macOS too. */
export function settingsPath(env: NodeJS.ProcessEnv): string {
  // The XDG specification has a relative path ignored.
  const { XDG_CONFIG_HOME: home } = env;
  const base = home && path.isAbsolute(home) ? home : path.join(os.homedir(), '.config');
  return path.join(base, 'named-shell/settings.conf');
}
