/** Whether a line is the REPL's own. `:` alone and `: comment` are bash's null command. */
export function isColonCommand(line: string): boolean {
  return /^:\S/.test(line);
}
