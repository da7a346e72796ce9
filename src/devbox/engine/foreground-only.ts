/**
 * Whether a command's text shows that all its processes run in the foreground: no `&` that leaves one in the background,
 * and no builtin that brings a background job into play. Errs on the side of `false`: an `&` in quotes counts too.
 */
export function runsInForegroundOnly(command: string): boolean {
  const withoutOtherUses = command.replace(/&&|[<>]&|&>|\|&/g, ' ');
  return !withoutOtherUses.includes('&') && !/\b(wait|coproc|fg|bg)\b/.test(command);
}
