import type { OutputStreamName } from '../../../api/execution.ts';
import type { ShortOutput } from '../../engine/spool/short-log.ts';
import { Spool } from '../../engine/spool/spool.ts';

/** Most late output of one stream that is held, bytes; the oldest beyond it goes. */
const CAP_BYTES = 64 * 1024 * 1024;
/** What a spool that has not ended may hold in memory, bytes, about. */
const LIVE_MEMORY = 2 * 1024 * 1024;

/**
 * What the background jobs of one command write after its end, a stream like its output: `size`, `start`, `read` and
 * so on. Its spool is made when something comes, or somebody reads.
 */
export class LateStream {
  readonly #path: string;
  readonly #life: () => AbortSignal | undefined;
  readonly #short: ShortOutput;
  #spool: Spool | undefined;
  #disposed = false;

  /**
   * @param life of the bash that ran the command; unset for what did not run
   * @param short see `SpoolOptions`
   * @param from `load`: goes on with what an earlier server has left
   */
  constructor(path: string, life: () => AbortSignal | undefined, short: ShortOutput, from?: 'load') {
    this.#path = path;
    this.#short = short;
    this.#life = life;
    if (from === 'load') this.#spool = Spool.open(this.#options);
  }

  get size(): number {
    return this.#spool?.size ?? 0;
  }
  get start(): number {
    return this.#spool?.start ?? 0;
  }
  /** What jobs that outlive their bash write is still taken, but nobody waits for it. */
  get ended(): boolean {
    return this.#disposed || this.#life()?.aborted !== false;
  }
  get failure(): Error | undefined {
    return this.#spool?.failure;
  }

  /** @returns whether it was taken: not after `dispose` */
  append(chunk: Uint8Array): boolean {
    if (this.#disposed) return false;
    this.#made().append(chunk);
    return true;
  }

  async readInto(target: Uint8Array, offset: number): Promise<number> {
    return this.#spool === undefined ? 0 : this.#spool.readInto(target, offset);
  }

  /** The next append, or the end. @throws the signal's reason when it is aborted */
  async changed(signal: AbortSignal): Promise<void> {
    const life = this.#life();
    if (this.#disposed || life === undefined || life.aborted) return;
    try {
      await this.#made().changed(AbortSignal.any([signal, life]));
    } catch (error) {
      if (!life.aborted) throw error;
    }
  }

  async dispose(): Promise<void> {
    this.#disposed = true;
    await this.#spool?.dispose();
  }

  /** Resolves when the bytes before `end`, all so far if unset, are on disk. */
  async flush(end?: number): Promise<void> {
    await this.#spool?.flush(end);
  }

  get #options() {
    return { path: this.#path, capBytes: CAP_BYTES, durable: true, short: this.#short };
  }

  #made(): Spool {
    this.#spool ??= new Spool(this.#options);
    return this.#spool;
  }
}

export class LateOutput {
  readonly stdout: LateStream;
  readonly stderr: LateStream;
  #life: AbortSignal | undefined;

  /**
   * @param path of its files, without the name of the stream
   * @param left names of the streams of which an earlier server has left something
   * @param short see `SpoolOptions`, of a stream
   */
  constructor(path: string, left: ReadonlySet<string>, short: (name: string) => ShortOutput) {
    const life = () => this.#life;
    const made = (name: string) =>
      new LateStream(`${path}.${name}`, life, short(name), left.has(name) ? 'load' : undefined);
    this.stdout = made('late-stdout');
    this.stderr = made('late-stderr');
  }

  /** Bytes of memory and disk that keeping it costs, about. */
  get retainedBytes(): { memory: number; disk: number } {
    const sizes = [this.stdout, this.stderr].map(({ size, start }) => size - start);
    const sum = (values: number[]) => values.reduce((total, value) => total + value, 0);
    return { memory: sum(sizes.map((size) => Math.min(size, LIVE_MEMORY))), disk: sum(sizes) };
  }

  stream(name: OutputStreamName): LateStream {
    return name === 'stdout' ? this.stdout : this.stderr;
  }

  /** @param life aborts when the bash that runs the command has ended */
  begin(life: AbortSignal): void {
    this.#life = life;
  }

  async dispose(): Promise<void> {
    await Promise.all([this.stdout.dispose(), this.stderr.dispose()]);
  }
}
