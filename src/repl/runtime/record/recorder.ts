import { type FileHandle, open } from 'node:fs/promises';
import { type CastEvent, CastWriter } from '../../output/asciicast.ts';

export interface ScreenSize {
  readonly columns: number;
  readonly rows: number;
}

export interface RecorderOptions {
  /** As in TERM. */
  readonly terminal: string;
  readonly title: string;
  /** Told once when a file cannot be written any more: the recording has ended there. */
  readonly onProblem: (message: string) => void;
}

/** Unwritten text that the disk may be behind, UTF-16 units: more is a disk that does not keep up. */
const MOST_PENDING = 64 * 1024 * 1024;

/** A file that cannot be made; the message says why. */
export class RecordingError extends Error {
  override name = 'RecordingError';
}

/** Records what the terminal is sent into a file of asciicast v3. */
export interface Recorder {
  /** Where it records to; undefined while it does not. */
  readonly path: string | undefined;
  /**
   * Makes the file and begins. Nothing that is there already is overwritten.
   *
   * @param ready awaited in between: what is written meanwhile is not recorded
   * @throws RecordingError
   */
  begin(path: string, size: () => ScreenSize, ready: () => Promise<void>): Promise<void>;
  /** The terminal was sent this. */
  wrote(text: string): void;
  resized(size: ScreenSize): void;
  /**
   * Resolves when all is on disk, and says for how long it recorded, ms; undefined when nothing was recorded, or not to
   * the end.
   *
   * @param exitStatus of the session, when that ended
   */
  end(exitStatus?: number): Promise<number | undefined>;
}

export function createRecorder(options: RecorderOptions): Recorder {
  let current: Recording | undefined;
  return {
    get path() {
      return current?.path;
    },
    async begin(path, size, ready) {
      const recording = await Recording.open(path, (message) => {
        if (current === recording) current = undefined;
        options.onProblem(message);
      });
      const { terminal, title } = options;
      await ready();
      recording.header({ ...size(), terminal, title });
      current = recording;
    },
    // On its way a line feed becomes what a player has to be given.
    wrote: (text) => current?.event({ code: 'o', data: text.replaceAll('\n', '\r\n') }),
    resized: ({ columns, rows }) => current?.event({ code: 'r', data: `${columns}x${rows}` }),
    async end(exitStatus) {
      const recording = current;
      current = undefined;
      if (exitStatus !== undefined) recording?.event({ code: 'x', data: String(exitStatus) });
      return await recording?.close();
    },
  };
}

/** One file. What comes while a write is under way goes out with the next; nothing is ever half a line. */
class Recording {
  readonly path: string;
  readonly #file: FileHandle;
  readonly #onProblem: (message: string) => void;
  readonly #writer = new CastWriter();
  #began = performance.now();
  #pending = '';
  #size: string | undefined;
  #flushing: Promise<void> | undefined;
  #failed = false;

  static async open(path: string, onProblem: (message: string) => void): Promise<Recording> {
    try {
      // Only its owner reads it: what is on a screen may be no one else's business.
      return new Recording(path, await open(path, 'wx', 0o600), onProblem);
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException;
      const why =
        code === 'EEXIST'
          ? `${path} is there already, and nothing is overwritten: choose another name`
          : message;
      throw new RecordingError(`${why}.`, { cause: error });
    }
  }

  private constructor(path: string, file: FileHandle, onProblem: (message: string) => void) {
    this.path = path;
    this.#file = file;
    this.#onProblem = onProblem;
  }

  header(header: ScreenSize & { readonly terminal: string; readonly title: string }): void {
    this.#began = performance.now();
    this.#size = `${header.columns}x${header.rows}`;
    this.#write(this.#writer.header({ ...header, beganAt: Date.now() }));
  }

  event(event: CastEvent): void {
    if (event.code === 'r') {
      // A signal may come without another size.
      if (event.data === this.#size) return;
      this.#size = event.data;
    }
    this.#write(this.#writer.event(event, performance.now() - this.#began));
  }

  async close(): Promise<number | undefined> {
    const lasted = performance.now() - this.#began;
    while (this.#flushing) await this.#flushing;
    try {
      await this.#file.close();
    } catch (error) {
      this.#fail(error);
    }
    return this.#failed ? undefined : lasted;
  }

  #write(text: string): void {
    if (this.#failed) return;
    this.#pending += text;
    if (this.#pending.length > MOST_PENDING) this.#fail(new Error('the disk does not keep up'));
    else this.#flushing ??= this.#flush();
  }

  async #flush(): Promise<void> {
    try {
      // What comes in the same turn goes out in one write.
      await Promise.resolve();
      const batch = this.#pending;
      this.#pending = '';
      await this.#file.appendFile(batch);
    } catch (error) {
      this.#fail(error);
    }
    this.#flushing = this.#pending === '' ? undefined : this.#flush();
  }

  #fail(error: unknown): void {
    this.#pending = '';
    if (this.#failed) return;
    this.#failed = true;
    const reason = error instanceof Error ? error.message : String(error);
    this.#onProblem(`${this.path} could not be written: ${reason}. The recording ended there.`);
    this.#file.close().catch(() => undefined);
  }
}
