/** How many lines a text has; a last one without its line break counts. */
export function countLines(text: string): number {
  if (text === '') return 0;
  let lines = text.endsWith('\n') ? 0 : 1;
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) lines += 1;
  return lines;
}

/** The last `n` lines. As in the official client, blank lines at the end are left out and so is the last line break. */
export function lastLines(text: string, n: number): string {
  if (n <= 0) return '';
  const trimmed = text.replace(/\n+$/, '');
  let start = trimmed.length;
  for (let lines = 0; lines < n; lines++) {
    const before = start === 0 ? -1 : trimmed.lastIndexOf('\n', start - 1);
    if (before === -1) return trimmed;
    start = before;
  }
  return trimmed.slice(start + 1);
}
