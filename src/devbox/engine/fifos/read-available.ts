import { readSync } from 'node:fs';

/**
 * One read of a non-blocking fd: the number of bytes, 0 when no writer is left, undefined when there are writers but
 * nothing to read now.
 */
export function readAvailable(fd: number, buffer: Uint8Array): number | undefined {
  for (;;) {
    try {
      return readSync(fd, buffer, 0, buffer.length, null);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'EAGAIN') return undefined;
      if (code !== 'EINTR') throw error;
    }
  }
}
