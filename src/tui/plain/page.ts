/** What a terminal in lines shows, one line behind the other. The terminal itself echoes what is typed. */
export interface Page {
  /** Whole lines. Behind a prompt they begin in a row of their own. */
  print(lines: string): Promise<void>;
  prompt(text: string): void;
  /** The row is begun: by a prompt, or by what the terminal shows of a key, as `^C`. */
  begun(): void;
  /** Enter was pressed: the terminal has gone to the next row. */
  ended(): void;
  /** Goes to the next row unless one has just begun. */
  newRow(): void;
  isAtMargin(): boolean;
}

export function createPage(stdout: NodeJS.WriteStream): Page {
  let atMargin = true;
  const write = (text: string) => new Promise<void>((resolve) => stdout.write(text, () => resolve()));
  return {
    print(lines) {
      const text = atMargin ? lines : `\n${lines}`;
      atMargin = true;
      return write(text);
    },
    prompt(text) {
      atMargin = false;
      void write(text);
    },
    begun: () => {
      atMargin = false;
    },
    ended: () => {
      atMargin = true;
    },
    newRow() {
      if (!atMargin) void write('\n');
      atMargin = true;
    },
    isAtMargin: () => atMargin,
  };
}
