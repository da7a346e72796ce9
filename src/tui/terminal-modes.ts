import { writeSync } from 'node:fs';
import type { ReadStream, WriteStream } from 'node:tty';

/** Pastes with their borders marked, and word of the focus. */
const MODES_ON = '\x1b[?2004h\x1b[?1004h';
const STDOUT = 1;
/** Paste, focus, cursor and colours as a shell expects them. Each is harmless where it was never changed. */
const RESTORE = '\x1b[?2004l\x1b[?1004l\x1b[?25h\x1b[0m\x1b[?7h';

export interface TakenTerminal {
  /** Gives it back for good. Idempotent. */
  readonly restore: () => void;
  /** Gives it to another program for a while. */
  readonly lend: () => void;
  readonly takeBack: () => void;
  /** Sets the modes anew: another program had the terminal without being given it. */
  readonly retake: () => void;
}

/**
 * Takes the terminal over and gives it back as it was: also from an exit handler, where only synchronous calls
 * still work.
 */
export function takeTerminal(stdin: ReadStream, stdout: WriteStream): TakenTerminal {
  const wasRaw = stdin.isRaw === true;
  const take = () => {
    stdin.setRawMode(true);
    stdout.write(MODES_ON);
  };
  const giveBack = () => {
    writeFully(STDOUT, RESTORE);
    stdin.setRawMode(wasRaw);
  };
  let restored = false;
  const restore = () => {
    if (restored) return;
    restored = true;
    process.off('exit', restore);
    try {
      giveBack();
    } catch (error) {
      // The terminal itself is gone (closed window): there is nothing left to restore.
      if (!isGone(error)) throw error;
    }
  };
  take();
  process.on('exit', restore);
  const retake = () => {
    // Node does nothing for a mode that it believes to be set.
    stdin.setRawMode(false);
    take();
  };
  return { restore, lend: giveBack, takeBack: take, retake };
}

/** A terminal that is busy drawing answers EAGAIN. It is waited for, but not for ever: 2 s. */
function writeFully(fd: number, text: string): void {
  const bytes = Buffer.from(text);
  let sent = 0;
  for (let tries = 0; sent < bytes.length; tries++) {
    try {
      sent += writeSync(fd, bytes, sent);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN' || tries >= 200) throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 10);
    }
  }
}

function isGone(error: unknown): boolean {
  const code = (error as NodeJS.ErrnoException).code;
  return code === 'EIO' || code === 'EAGAIN' || code === 'EBADF' || code === 'EPIPE' || code === 'ENXIO';
}
