import { CliError } from '../cli-error.ts';
import type { Configuration } from '../configuration.ts';
import { connectIfShells } from '../connection.ts';
import { EXIT } from '../exit-status.ts';

/** `nsh close NAME`. Quiet when it worked, like `rm`. */
export async function close(configuration: Configuration, entry: string, name: string): Promise<number> {
  await using connection = await connectIfShells(configuration, entry);
  const closed = await connection?.devbox.shell(name).close();
  if (closed) return EXIT.ok;
  throw new CliError(
    EXIT.failure,
    `there is no shell ${JSON.stringify(name)} to close. \`nsh ls\` lists those that there are.`,
  );
}
