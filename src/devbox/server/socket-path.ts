import { createHash } from 'node:crypto';
import { isAbsolute, join, resolve } from 'node:path';

/** A Unix socket's path may have 104 bytes on macOS and 108 on Linux, with a NUL at its end. */
const MAX_PATH_BYTES = 100;

/**
 * Where the server of a state directory listens: each state directory has a socket of its own, in the runtime
 * directory (memory that is the user's alone), or in `/tmp` where there is none or its path is too long.
 *
 * @param stateDir the state directory; its spelling matters, so links are not resolved
 * @param env `XDG_RUNTIME_DIR` is read
 */
export function socketPath(stateDir: string, env: NodeJS.ProcessEnv): string {
  const name = `${createHash('sha256').update(resolve(stateDir)).digest('hex').slice(0, 16)}.sock`;
  const fallback = join(`/tmp/nsh-${process.getuid?.() ?? 0}`, name);
  const runtime = env.XDG_RUNTIME_DIR;
  if (runtime === undefined || !isAbsolute(runtime)) return fallback;
  const path = join(runtime, 'nsh', name);
  return Buffer.byteLength(path) > MAX_PATH_BYTES ? fallback : path;
}
