import type { OutputStreamName } from '../../api/execution.ts';
import { Spool, type SpoolOptions } from '../engine/spool.ts';
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
export class ExecutionOutput {
  readonly stdout: Spool;
  readonly stderr: Spool;
  readonly late: LateOutput;

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
    return { memory: sum(inMemory) + late.memory, disk: sum(sizes) + late.disk };
  }

  /** The result is whole; late output may come. */
  end(): void {
    this.stdout.end();
    this.stderr.end();
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
