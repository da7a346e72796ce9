import type { WriteStream } from 'node:tty';

/**
 * Calls back when the terminal has another size, and on each signal that it may: one that was made larger and smaller
 * before the signal comes is as large as before, but what it did to the rows on the screen meanwhile is not known.
 */
export function onResize(stdout: WriteStream, resized: () => void): { off: () => void } {
  stdout.on('resize', resized);
  process.on('SIGWINCH', resized);
  return {
    off: () => {
      stdout.off('resize', resized);
      process.off('SIGWINCH', resized);
    },
  };
}
