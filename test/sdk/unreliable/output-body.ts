import type http from 'node:http';
import { event } from '../../helpers/misbehaving-server.ts';
import type { Faults, StreamFault } from './faults.ts';
import type { Run } from './run.ts';
import type { Reading, Stream } from './scenario.ts';

export interface OutputRequest {
  readonly run: Run;
  readonly stream: Stream;
  /** As asked for in the query. */
  readonly offset: number | undefined;
  readonly reading: Reading;
  readonly faults: Faults;
}

/** A body of server-sent events, with the service's reading of `offset`, and with what goes wrong. */
export async function sendEvents(response: http.ServerResponse, request: OutputRequest): Promise<void> {
  const { reading, faults } = request;
  const fault = faults.ofStream('events', ['cut', 'clean end', 'idle time-out', 'stall']);
  const wire = new Wire(response, fault);
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  response.flushHeaders();
  // Without offsets nobody can tell that something comes again.
  const mayRepeat = reading !== 'missing';
  let before: string | undefined;
  for await (const { start, bytes } of piecesFrom(request, mayRepeat && faults.odd())) {
    const at = { start, end: start + bytes.length, exclusive: start, missing: undefined }[reading];
    const text = event(bytes.toString(), at);
    if (before !== undefined && mayRepeat && faults.odd() && !(await wire.write(before))) return;
    if (!(await wire.write(text))) return;
    before = text;
  }
  wire.end();
}

/** The embedded devbox's body of raw bytes. */
export async function sendRaw(response: http.ServerResponse, request: OutputRequest): Promise<void> {
  const { faults } = request;
  const fault = faults.ofStream('raw', ['cut', 'clean end', 'stall']);
  const wire = new Wire(response, fault);
  const offset = request.offset ?? 0;
  const back = faults.odd() ? Math.min(offset, 7) : 0;
  response.writeHead(200, {
    'content-type': 'application/octet-stream',
    'nsh-offset': String(offset - back),
  });
  response.flushHeaders();
  const all = { ...request, offset: 0 };
  let position = 0;
  for await (const { bytes } of piecesFrom(all, false)) {
    const fresh = bytes.subarray(Math.max(0, offset - back - position));
    position += bytes.length;
    if (fresh.length > 0 && !(await wire.write(fresh))) return;
  }
  wire.end();
}

/** The output from the offset on, live, until the command has ended; cut between characters alone. */
async function* piecesFrom(
  { run, stream, offset, reading }: OutputRequest,
  goBack: boolean,
): AsyncGenerator<{ start: number; bytes: Buffer }> {
  let from = offset ?? 0;
  if (reading === 'exclusive' && offset !== undefined) from += 1;
  let chunkStart = 0;
  for (let index = 0; ; index++) {
    while (index >= run.chunks(stream).length) {
      if (run.isCompleted) return;
      await run.changed();
    }
    const chunk = run.chunks(stream)[index] ?? Buffer.alloc(0);
    const start = chunkStart;
    chunkStart += chunk.length;
    if (chunkStart <= from) continue;
    if (start >= from || goBack) yield { start, bytes: chunk };
    else {
      const cut = wholeCharacter(chunk, from - start, reading === 'exclusive' ? 1 : -1);
      if (cut < chunk.length) yield { start: start + cut, bytes: chunk.subarray(cut) };
    }
  }
}

function wholeCharacter(bytes: Buffer, at: number, step: 1 | -1): number {
  let place = at;
  while (place < bytes.length && ((bytes[place] ?? 0) & 0xc0) === 0x80) place += step;
  return place;
}

/** Writes up to where the fault is. */
class Wire {
  readonly #response: http.ServerResponse;
  readonly #fault: StreamFault | undefined;
  #left: number;

  constructor(response: http.ServerResponse, fault: StreamFault | undefined) {
    this.#response = response;
    this.#fault = fault;
    this.#left = fault?.after ?? Number.POSITIVE_INFINITY;
  }

  /** False: the body has ended here, or its reader is gone. */
  async write(data: string | Buffer): Promise<boolean> {
    const bytes = Buffer.from(data);
    if (this.#response.destroyed) return false;
    const whole = bytes.length <= this.#left;
    // A time-out comes between two events, all else anywhere.
    const part = whole ? bytes : this.#fault?.kind === 'idle time-out' ? '' : bytes.subarray(0, this.#left);
    this.#left -= bytes.length;
    await new Promise<void>((resolve) => this.#response.write(part, () => resolve()));
    if (whole) return true;
    this.#break();
    return false;
  }

  /** Also where the fault lies beyond the end: a stream may fail after its last byte. */
  end(): void {
    if (this.#fault === undefined) this.#response.end();
    else this.#break();
  }

  #break(): void {
    switch (this.#fault?.kind) {
      case 'cut':
        this.#response.destroy();
        break;
      case 'idle time-out':
        this.#response.end('event: error\ndata: {"code": "408", "message": "idle"}\n\n');
        break;
      case 'clean end':
        this.#response.end();
        break;
      case 'stall':
        break;
    }
  }
}
