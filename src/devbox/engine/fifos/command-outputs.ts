import { basename } from 'node:path';
import type { RunRequest } from '../running-command.ts';
import type { HeldFifo } from '../session-facts.ts';
import { OutputFifo, type OutputSink } from './output-fifo.ts';
import type { SpareFifos } from './spare-fifos.ts';

export type Stream = 'stdout' | 'stderr';

const STREAMS: readonly Stream[] = ['stdout', 'stderr'];

export interface OutputHooks {
  /** A background job has kept a FIFO. */
  held: (fifo: HeldFifo) => void;
  /** Its last writer is gone, and the FIFO is removed. */
  gone: (path: string) => void;
}

/** The two FIFOs that commands write to, one command after the other, and those that background jobs have kept. */
export class CommandOutputs {
  readonly #spares: SpareFifos;
  readonly #hooks: OutputHooks;
  readonly #fifos: Record<Stream, OutputFifo | undefined> = { stdout: undefined, stderr: undefined };
  readonly #late = new Set<OutputFifo>();

  constructor(spares: SpareFifos, hooks: OutputHooks) {
    this.#spares = spares;
    this.#hooks = hooks;
  }

  get hasLate(): boolean {
    return this.#late.size > 0;
  }

  /** Of a session that was taken over: the FIFO that serves commands now. */
  adopt(stream: Stream, path: string, sink: OutputSink): void {
    this.#fifos[stream] = new OutputFifo(path, sink);
  }

  /** Of a session that was taken over: a FIFO that a background job has kept. */
  adoptLate(path: string, sink: OutputSink): void {
    this.#goOn(new OutputFifo(path, sink), sink);
  }

  /** How many spare FIFOs the next command takes. */
  get missing(): number {
    return Number(!this.#fifos.stdout) + Number(!this.#fifos.stderr);
  }

  /** Directs what comes to `request`; the paths are for bash. Needs `missing` spares. */
  open(request: RunRequest): Record<Stream, string> {
    return { stdout: this.#open('stdout', request), stderr: this.#open('stderr', request) };
  }

  /** Nobody writes to them any more; what was written is handed over. */
  get isFree(): boolean {
    return STREAMS.map((stream) => this.#fifos[stream]?.isFree ?? true).every(Boolean);
  }

  /** The foreground has ended: hands over what it wrote. A FIFO that a background job holds goes on as late output. */
  collect(request: RunRequest): void {
    for (const stream of STREAMS) {
      const fifo = this.#fifos[stream];
      if (!fifo || fifo.settle() === 'free') continue;
      this.#fifos[stream] = undefined;
      this.#hooks.held({ fifo: basename(fifo.path), stream, tag: request.tag });
      this.#goOn(fifo, lateSink(request, stream));
    }
  }

  /** The shell has ended; late output is still read. */
  close(): void {
    for (const stream of STREAMS) this.#fifos[stream]?.close();
  }

  /** The jobs have ended with the shell: what they wrote last is still taken. */
  closeLate(): void {
    for (const fifo of this.#late) {
      fifo.drain();
      fifo.close();
    }
  }

  #goOn(fifo: OutputFifo, late: OutputSink): void {
    this.#late.add(fifo);
    fifo.handOver(late, () => {
      this.#late.delete(fifo);
      this.#hooks.gone(fifo.path);
    });
  }

  #open(stream: Stream, request: RunRequest): string {
    const fifo = this.#fifos[stream];
    if (fifo) {
      fifo.sink = request[stream];
      return fifo.path;
    }
    const fresh = this.#spares.use('output', (path) => new OutputFifo(path, request[stream]));
    this.#fifos[stream] = fresh;
    return fresh.path;
  }
}

export function lateSink(request: RunRequest, stream: Stream): (chunk: Uint8Array) => void {
  return (chunk) => request.late?.(stream, chunk);
}
