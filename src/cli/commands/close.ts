import type { QueuedCommand } from '../../api/extension/shell.ts';
import { sanitiseText } from '../../repl/output/sanitise-text.ts';
import type { NamedShell } from '../../sdk/named-shell.ts';
import { askKey, canAsk } from '../ask-key.ts';
import { CliError } from '../cli-error.ts';
import type { Configuration } from '../configuration.ts';
import { connectIfShells } from '../connection.ts';
import { EXIT } from '../exit-status.ts';

/**
 * `nsh close NAME`. Quiet when it worked, like `rm`. What runs or waits in the shell would end with it, so somebody at a
 * terminal is asked, and a program must say that it means it.
 *
 * @param force ends all that without a question
 */
export async function close(
  configuration: Configuration,
  entry: string,
  name: string,
  force: boolean,
): Promise<number> {
  await using connection = await connectIfShells(configuration, entry);
  const shell = connection?.devbox.shell(name);
  if (shell !== undefined && !force) await makeSure(shell);
  const closed = await shell?.close();
  if (closed) return EXIT.ok;
  throw new CliError(
    EXIT.failure,
    `there is no shell ${JSON.stringify(name)} to close. \`nsh ls\` lists those that there are.`,
  );
}

/** @throws CliError with status 65 when the shell is busy and nobody wants it to end */
async function makeSure(shell: NamedShell): Promise<void> {
  const queue = (await shell.info())?.queue ?? [];
  const [first] = queue;
  if (first === undefined) return;
  const sentence = `in the shell ${JSON.stringify(shell.name)} ${unfinished(first, queue.length - 1)}.`;
  if (!canAsk()) {
    throw new CliError(
      EXIT.refused,
      `${sentence} \`nsh close --force\` ends that with the shell; nothing was closed.`,
    );
  }
  const answer = await askKey<'end' | 'keep'>({
    text: `${sentence}\n  y: end it with the shell\n  n or Enter: leave the shell as it is`,
    answers: { y: 'end', n: 'keep' },
    byDefault: 'keep',
    left: 'nothing was closed.',
  });
  if (answer === 'keep') throw new CliError(EXIT.refused, 'nothing was closed.');
}

function unfinished({ command, status }: QueuedCommand, others: number): string {
  const verb = status === 'running' ? 'runs' : 'waits';
  const more = others === 0 ? '' : `, and ${others} more ${others === 1 ? 'waits' : 'wait'}`;
  return `\`${sanitiseText(command)}\` ${verb}${more}`;
}
