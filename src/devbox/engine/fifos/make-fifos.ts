import { execFile } from 'node:child_process';
import { join } from 'node:path';

/**
 * Creates FIFOs with mode 0600 in `dir`. Node has no call for it, and the program costs about 5 ms: make several at
 * once, and ahead of need.
 *
 * @throws Error with what `mkfifo` said.
 */
export function makeFifos(dir: string, names: readonly string[]): Promise<string[]> {
  return new Promise((resolve, reject) => {
    execFile('mkfifo', ['-m', '600', ...names], { cwd: dir }, (error, _stdout, stderr) => {
      if (!error) return resolve(names.map((name) => join(dir, name)));
      const said = stderr.trim() || error.message;
      reject(new Error(`Cannot create the shell's FIFOs in ${dir}: ${said}`, { cause: error }));
    });
  });
}
