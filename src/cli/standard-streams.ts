import { sanitiseText } from '../repl/output/sanitise-text.ts';
import { CliError } from './cli-error.ts';
import { EXIT } from './exit-status.ts';

/** The process that read stdout or stderr went away: a filter ends quietly then. */
export class ReaderGoneError extends CliError {
  override name = 'ReaderGoneError';

  constructor(cause: Error) {
    super(EXIT.readerGone, 'the reader of the output went away', { cause });
  }
}

const streamName = (stream: NodeJS.WriteStream) => (stream === process.stdout ? 'stdout' : 'stderr');

/**
 * Writes and waits until the system took it, so a slow reader slows its source and nothing piles up in memory.
 *
 * @throws ReaderGoneError; CliError with status 1 for a full disk and the like
 */
export function writeFully(stream: NodeJS.WriteStream, data: Uint8Array | string): Promise<void> {
  return new Promise((resolve, reject) => {
    stream.write(data, (error) => {
      if (!error) return resolve();
      const { code, message } = error as NodeJS.ErrnoException;
      if (code === 'EPIPE' || code === 'ERR_STREAM_DESTROYED') return reject(new ReaderGoneError(error));
      reject(
        new CliError(EXIT.failure, `${streamName(stream)} cannot be written: ${message}.`, { cause: error }),
      );
    });
  });
}

/** A failed write is told to the one who wrote; without a listener the same error would end the process. */
export function expectWriteErrors(): void {
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);
}

/** A line of nsh's own to the user, which may hold words of the server. One that cannot be written has nobody who misses it. */
export async function tell(text: string): Promise<void> {
  const safe = sanitiseText(text, { multiline: true });
  await writeFully(process.stderr, `nsh: ${safe}\n`).catch(() => undefined);
}
