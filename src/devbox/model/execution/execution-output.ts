import type { OutputStreamName } from '../../../api/execution.ts';
import { Changes } from '../../engine/spool/changes.ts';
import { Spool, type SpoolOptions } from '../../engine/spool/spool.ts';
import type { OrderedSource } from '../../output/ordered-reader.ts';
import { OutputOrder } from '../../output/output-order.ts';
import { LateOutput } from './late-output.ts';
import type { OutputFiles } from './output-files.ts';

export interface ExecutionOutputOptions {
  /** Of the execution. */
  readonly id: string;
  readonly files: OutputFiles;
  /** Most bytes held of each stream; the oldest beyond it go. The spool's own limit if unset. */
  readonly capBytes?: number;
  /** Names of the streams of which an earlier server has left something. */
  readonly left?: ReadonlySet<string>;
}

/** What a spool keeps in memory of an output after its end, bytes. */
const SHORT_OUTPUT = 64 * 1024;

/** All that one command prints: the two streams of its result, and those of its late output. */
export class ExecutionOutput implements OrderedSource {
  readonly stdout: Spool;
  readonly stderr: Spool;
  readonly order = new OutputOrder();
  readonly late: LateOutput;
  readonly #changes = new Changes();

  constructor({ id, files, capBytes, left = new Set() }: ExecutionOutputOptions) {
    const path = files.pathOf(id);
    const cap = capBytes === undefined ? {} : { capBytes };
    const spool = (name: OutputStreamName) => {
      const spoolOptions: SpoolOptions = {
        path: `${path}.${name}`,
        durable: true,
        short: files.short(id, name),
        ...cap,
      };
      return left.has(name) ? Spool.open(spoolOptions) : new Spool(spoolOptions);
    };
    this.stdout = spool('stdout');
    this.stderr = spool('stderr');
    this.late = new LateOutput(path, left, (name) => files.short(id, name));
  }

  /** Bytes of memory and disk that keeping it costs, about: a short output stays in memory. */
  get retainedBytes(): { memory: number; disk: number } {
    const sizes = [this.stdout, this.stderr].map((spool) => spool.size - spool.start);
    const inMemory = sizes.map((size) => Math.min(size, SHORT_OUTPUT));
    const sum = (values: number[]) => values.reduce((total, value) => total + value, 0);
    const late = this.late.retainedBytes;
    return { memory: sum(inMemory) + this.order.bytes + late.memory, disk: sum(sizes) + late.disk };
  }

  /** Of the result. The chunk is copied. */
  append(stream: OutputStreamName, chunk: Uint8Array): void {
    this.order.grows(stream, { stdout: this.stdout.size, stderr: this.stderr.size });
    this[stream].append(chunk);
    this.#changes.tell();
  }

  changed(signal: AbortSignal): Promise<void> {
    return this.#changes.next(signal);
  }

  /** The result is whole; late output may come. */
  end(): void {
    this.stdout.end();
    this.stderr.end();
    this.#changes.tell();
  }

  /** Resolves when all that came so far is on disk. */
  async flush(): Promise<void> {
    const { stdout, stderr } = this.late;
    await Promise.all([this.stdout, this.stderr, stdout, stderr].map((stream) => stream.flush()));
  }

  /** Deletes the files. */
  async dispose(): Promise<void> {
    await Promise.all([this.stdout.dispose(), this.stderr.dispose(), this.late.dispose()]);
  }
}
