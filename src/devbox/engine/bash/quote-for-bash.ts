/** One word for bash, whatever it contains (spaces, quotes, newlines, `$`). NUL cannot be carried by any quoting. */
export function quoteForBash(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
