import { execFile } from 'node:child_process';
import { constants } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import { delimiter, isAbsolute, join } from 'node:path';

/** A bash that was started once and said its version. */
export interface BashProgram {
  path: string;
  /** As bash prints it, e.g. `5.2.15(1)-release`. */
  version: string;
  major: number;
  minor: number;
}

/** Places that a short PATH (a service, a desktop launcher) often leaves out. */
const USUAL_PLACES = ['/bin', '/usr/bin', '/usr/local/bin', '/opt/homebrew/bin'];

/** No bash that can keep a shell was found. The message lists where was looked and what to do. */
export class BashNotFoundError extends Error {
  readonly searched: readonly string[];

  constructor(searched: readonly string[], rejected: readonly string[]) {
    const why = rejected.length > 0 ? ` Found, but not usable: ${rejected.join('; ')}.` : '';
    super(
      `No usable bash was found (searched ${searched.join(', ')}).${why} ` +
        'Install bash 3.2 or newer, or put it on the PATH.',
    );
    this.name = 'BashNotFoundError';
    this.searched = searched;
  }
}

/**
 * The first bash on `env.PATH`, then in the usual places.
 *
 * @throws BashNotFoundError when none of them starts and is at least 3.2.
 */
export async function findBash(env: NodeJS.ProcessEnv = process.env): Promise<BashProgram> {
  // A relative entry would mean another program in each folder.
  const onPath = (env.PATH ?? '').split(delimiter).filter(isAbsolute);
  const folders = [...new Set([...onPath, ...USUAL_PLACES])];
  const rejected: string[] = [];
  for (const folder of folders) {
    const path = join(folder, 'bash');
    if (!(await isExecutable(path))) continue;
    const found = await askVersion(path);
    if (typeof found === 'string') rejected.push(found);
    else return found;
  }
  throw new BashNotFoundError(folders, rejected);
}

async function isExecutable(path: string): Promise<boolean> {
  try {
    await access(path, constants.X_OK);
    return (await stat(path)).isFile();
  } catch {
    return false; // absent or forbidden: simply not a candidate
  }
}

/** The program, or a sentence on why it is none. */
function askVersion(path: string): Promise<BashProgram | string> {
  return new Promise((resolve) => {
    // LC_ALL=C: the word "version" is translated otherwise.
    const options = { env: { LC_ALL: 'C' }, timeout: 5000 };
    execFile(path, ['--version'], options, (error, stdout) => {
      if (error) return resolve(`${path} (${error.message.split('\n')[0]})`);
      const match = /bash, version ((\d+)\.(\d+)\S*)/.exec(stdout);
      if (!match) return resolve(`${path} (does not say a bash version)`);
      const [, version = '', major, minor] = match;
      const program = { path, version, major: Number(major), minor: Number(minor) };
      const tooOld = program.major < 3 || (program.major === 3 && program.minor < 2);
      resolve(tooOld ? `${path} (version ${version} is older than 3.2)` : program);
    });
  });
}
