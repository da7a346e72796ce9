import type { Settings } from './settings.ts';

/**
 * The shell has no terminal, so programs print no colours unless they are asked to. There is no one way to ask:
 * FORCE_COLOR is read by Node's and Python's tools, CLICOLOR_FORCE by CMake, Ninja and those of BSD, PY_COLORS by
 * pytest, CARGO_TERM_COLOR by Cargo. A NO_COLOR would win over some of them.
 */
const ASKED = { FORCE_COLOR: '1', CLICOLOR_FORCE: '1', PY_COLORS: '1', CARGO_TERM_COLOR: 'always' };

/** The command that makes it so, run in the shell for everyone to see. */
export function colorCommand(color: Settings['color']): string {
  if (color === 'off') return `unset ${Object.keys(ASKED).join(' ')}`;
  const assignments = Object.entries(ASKED).map(([name, value]) => `${name}=${value}`);
  return `unset NO_COLOR; export ${assignments.join(' ')}`;
}
