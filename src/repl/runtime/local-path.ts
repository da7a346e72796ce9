import { homedir } from 'node:os';
import path from 'node:path';

/**
 * A file of this machine as it was typed.
 *
 * @param folder from where relative paths start
 */
export function localPath(typed: string, folder: string): string {
  if (typed === '~' || typed.startsWith('~/')) return path.join(homedir(), typed.slice(1));
  return path.resolve(folder, typed);
}

/** The same for people to read: below the home directory with a `~`. */
export function shownPath(absolute: string): string {
  const home = homedir();
  return absolute.startsWith(`${home}/`) ? `~${absolute.slice(home.length)}` : absolute;
}
