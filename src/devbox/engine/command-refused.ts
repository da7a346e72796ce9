/** Not accepted: the shell is busy or gone, or the text cannot be carried. */
class CommandRefusedError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'CommandRefusedError';
  }
}

/** @throws CommandRefusedError */
export function refuseUnlessRunnable(command: string, shell: { ended: boolean; busy: boolean }): void {
  if (shell.ended) throw new CommandRefusedError('The shell has ended: start a new one.');
  if (shell.busy) {
    throw new CommandRefusedError('The shell is running a command: it takes one at a time.');
  }
  if (command.includes('\0')) {
    throw new CommandRefusedError(
      'The command contains a NUL character, which no shell can carry. Remove it.',
    );
  }
}
