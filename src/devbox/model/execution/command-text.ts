import { MAX_COMMAND_BYTES } from '../../../api/execution.ts';
import { Refusal } from '../refusal.ts';

/**
 * Checks the text of a command. White space and comments alone are commands (they do nothing and exit with 0);
 * an empty text is a caller's mistake.
 *
 * @throws Refusal `command_empty`, `command_has_nul`, `command_not_unicode` or `command_too_long`
 */
export function checkCommand(command: string): string {
  if (command === '') {
    throw new Refusal(400, 'command_empty', 'command is empty. Send the text to run; `:` does nothing.');
  }
  const nul = command.indexOf('\0');
  if (nul !== -1) {
    throw new Refusal(
      400,
      'command_has_nul',
      `command holds a NUL character at position ${nul}, which bash cannot take. Remove it; printf '\\0' writes one to an output.`,
    );
  }
  if (!command.isWellFormed()) {
    throw new Refusal(
      400,
      'command_not_unicode',
      "command is not valid Unicode (a lone surrogate), so it has no bytes to run. Write odd bytes as $'\\xHH'.",
    );
  }
  const bytes = Buffer.byteLength(command);
  if (bytes > MAX_COMMAND_BYTES) {
    throw new Refusal(
      413,
      'command_too_long',
      `command has ${bytes} bytes, more than the ${MAX_COMMAND_BYTES} that one command may have. Put it into a file and run that.`,
    );
  }
  return command;
}
