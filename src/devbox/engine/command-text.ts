/**
 * What is written for bash to read: the text itself, and under `set -e` perhaps a line after it.
 *
 * The server runs the text through `eval` or `.`, whose own status would trip `set -e` where the text does not:
 * `[ -f x ] && . x` and `! true` may fail without ending a shell. A last line that keeps the status apart prevents that.
 * It is added only where it matters, and never where a heredoc might swallow it.
 *
 * @param errexit whether `set -e` was on when the last command ended.
 */
export function commandText(command: string, errexit: boolean): string {
  const mayBeOn = errexit || /\bset\b/.test(command);
  const mayFailUnnoticed = /&&|\|\||!/.test(command);
  if (!mayBeOn || !mayFailUnnoticed || command.includes('<<')) return command;
  // Two line breaks: the first may belong to a trailing backslash.
  return `${command}\n\n__nsh_s=$?`;
}
