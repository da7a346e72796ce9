/** What went wrong with one command of a script; the cause says what. */
export class ScriptLineError extends Error {
  override name = 'ScriptLineError';
  /** Of the command's first line; the first of the script is 1. */
  readonly line: number;

  constructor(line: number, cause: unknown) {
    super(`line ${line}`, { cause });
    this.line = line;
  }
}
