import { MERGE_STDERR_CAPABILITY } from '../api/extension/merge-stderr.ts';
import type { Link } from './http/link.ts';
import type { RequestOptions } from './options.ts';

/**
 * How a command is sent whose stderr is to go where its stdout goes: by the extension, or else by bash itself. `eval`
 * reads it as bash would have read it as a line, whatever it ends with, and leaves its status.
 */
export async function mergedStderr(
  link: Link,
  command: string,
  options: RequestOptions | undefined,
): Promise<{ readonly command: string; readonly merge_stderr?: true }> {
  const server = await link.engine.describe(link, options);
  if (server?.capabilities.includes(MERGE_STDERR_CAPABILITY)) return { command, merge_stderr: true };
  return { command: mergedByBash(command) };
}

/** What the log of a server without the extension has as the command. */
export function mergedByBash(command: string): string {
  return `eval '${command.replaceAll("'", "'\\''")}' 2>&1`;
}
