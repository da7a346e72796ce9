import { writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Place } from './repl.ts';

const ENTRY = path.join(import.meta.dirname, '../../dist/cli.js');

/**
 * Writes a program that starts nsh with the environment of the place, for what hands on none (ssh, tmux), and says
 * SAME at the end when the line discipline is what it was before.
 *
 * @returns its path
 */
export function writeLauncher(place: Place): string {
  const file = path.join(place.cwd, 'launch');
  const variables = Object.entries(place.env).map(([name, value]) => `export ${name}='${value}'`);
  const run = `"${process.execPath}" "${ENTRY}"`;
  writeFileSync(
    file,
    `#!/bin/sh\n${variables.join('\n')}\ncd '${place.cwd}'\nstty -g >before\n${run} "$@"\nstty -g >after\ncmp before after && echo SAME\n`,
    { mode: 0o755 },
  );
  return file;
}
