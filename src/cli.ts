/**
 * The entry: small, and in syntax that an old Node can still parse, because it is what refuses that Node. Nothing
 * but built-ins may be imported statically here, and no name may be imported that an old Node lacks.
 */
import fs from 'node:fs';
import * as nodeModule from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { COMPILE_CACHE, stateDirectory } from './cli/state-directory.ts';

const NEEDED_MAJOR = 22;
const NEEDED_MINOR = 19;

function isOldNode(version: string): boolean {
  const [major, minor] = version.split('.').map(Number) as [number, number];
  return major !== NEEDED_MAJOR ? major < NEEDED_MAJOR : minor < NEEDED_MINOR;
}

/**
 * Code is loaded from it, so it is used only where `openServerLog` has made it, in a directory of this user's alone. Node
 * would make the folders above it too, and in a place that takes no folders (/proc) never return from that.
 */
function cacheFolder(): string | undefined {
  const folder = path.join(stateDirectory(process.env).path, COMPILE_CACHE);
  try {
    return (fs.statSync(path.dirname(folder)).mode & 0o077) === 0 && fs.statSync(folder).isDirectory()
      ? folder
      : undefined;
  } catch (_) {
    // There is none yet: this run is the slower one.
    return undefined;
  }
}

if (isOldNode(process.versions.node)) {
  process.stderr.write(
    `nsh: this is Node ${process.versions.node}, and nsh needs Node ${NEEDED_MAJOR}.${NEEDED_MINOR} or newer: install one from https://nodejs.org, or start nsh with \`npm start\`, which brings its own.\n`,
  );
  process.exitCode = 70;
} else {
  // The cache helps only what is imported after it: that is why the rest comes by a dynamic import.
  const cache = cacheFolder();
  if (cache !== undefined) nodeModule.enableCompileCache(cache);
  import('./cli/main.ts')
    .then(({ main }) => main(fileURLToPath(import.meta.url)))
    .catch((error: Error) => {
      process.stderr.write(`nsh: it cannot be loaded: ${error.message}. Build or install it anew.\n`);
      process.exitCode = 70;
    });
}
