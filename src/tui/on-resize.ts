import type { WriteStream } from 'node:tty';

export interface ResizeListener {
  /** The size is another one. */
  readonly changed: () => void;
  /**
   * The terminal was resized, and is as large as before when the signal comes: it was made larger and smaller at once.
   * What it did to the rows on the screen meanwhile is not known.
   */
  readonly backAgain: () => void;
}

/** Listens to the terminal's size, behind whoever listened before. Node tells only of a size that is another one. */
export function onResize(stdout: WriteStream, { changed, backAgain }: ResizeListener): { off: () => void } {
  let size = `${stdout.columns} ${stdout.rows}`;
  const signalled = () => {
    const now = `${stdout.columns} ${stdout.rows}`;
    const isSame = now === size;
    size = now;
    if (isSame) backAgain();
    else changed();
  };
  process.on('SIGWINCH', signalled);
  return { off: () => process.off('SIGWINCH', signalled) };
}
