/** An error whose message is already what the user should read, with the exit status of nsh. */
export class CliError extends Error {
  override name = 'CliError';
  readonly exitStatus: number;

  constructor(exitStatus: number, message: string, options?: ErrorOptions) {
    super(message, options);
    this.exitStatus = exitStatus;
  }
}
