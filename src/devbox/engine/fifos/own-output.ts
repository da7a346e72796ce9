import { OutputFifo, type OutputSink } from './output-fifo.ts';

/** More than an EXIT trap prints, little enough to keep for each shell. */
const KEPT_BYTES = 1_048_576;

/**
 * What bash writes to its own stdout and stderr, not to a command's. Nearly all of it is noise: job notices, `set -x`
 * and DEBUG traps seeing the server's lines. But up to bash 5.2 the output of the user's EXIT trap comes here too, so
 * what came while a command ran is kept, and is that command's when the shell ends with it.
 */
export class OwnOutput {
  readonly #stdout: KeptStream;
  readonly #stderr: KeptStream;

  constructor(stdoutPath: string, stderrPath: string) {
    this.#stdout = new KeptStream(stdoutPath);
    this.#stderr = new KeptStream(stderrPath);
  }

  /**
   * Once bash has them open: from then on they close by themselves. `gone`: no process has bash's own stdout any more,
   * so bash itself has ended.
   */
  watchWriters(gone: () => void): void {
    this.#stdout.fifo.watchWriters(gone);
    this.#stderr.fifo.watchWriters(() => {});
  }

  /** A command begins: what came before is noise. */
  begin(): void {
    this.#stdout.forget();
    this.#stderr.forget();
  }

  /** The command is over and the shell lives: only what a trap prints from here on would be worth something. */
  idle(lateStdout: OutputSink): void {
    this.#stdout.forget();
    this.#stderr.forget();
    this.#stdout.sink = lateStdout;
  }

  /** The shell has ended or is about to: hands over what was kept, and all that follows. */
  handOver(stdout: OutputSink, stderr: OutputSink): void {
    this.#stdout.handOver(stdout);
    this.#stderr.handOver(stderr);
  }

  close(): void {
    this.#stdout.fifo.close();
    this.#stderr.fifo.close();
  }
}

class KeptStream {
  readonly fifo: OutputFifo;
  sink: OutputSink | undefined;
  #kept: Buffer[] = [];
  #bytes = 0;
  #seen = false;

  constructor(path: string) {
    this.fifo = new OutputFifo(path, (chunk) => this.#take(chunk));
  }

  forget(): void {
    this.sink = undefined;
    // A look costs a failing system call: it is taken only where there was something before.
    if (this.#seen) this.fifo.drain();
    this.#seen = this.#bytes > 0;
    this.#kept = [];
    this.#bytes = 0;
  }

  handOver(sink: OutputSink): void {
    this.fifo.drain();
    if (this.#bytes > 0) sink(Buffer.concat(this.#kept));
    this.#kept = [];
    this.sink = sink;
  }

  #take(chunk: Uint8Array): void {
    if (this.sink) {
      this.sink(chunk);
      return;
    }
    this.#bytes += chunk.length;
    if (this.#bytes <= KEPT_BYTES) this.#kept.push(Buffer.from(chunk));
  }
}

/** bash says "exit" on its own stderr when its input ends. */
export function withoutFarewell(sink: OutputSink): OutputSink {
  let first = true;
  return (chunk) => {
    const farewell = first && Buffer.from(chunk).toString('latin1', 0, 5) === 'exit\n';
    first = false;
    const rest = farewell ? chunk.subarray(5) : chunk;
    if (rest.length > 0) sink(rest);
  };
}
