import { once } from 'node:events';
import { connect as connectHttp2 } from 'node:http2';
import { connect, type Socket } from 'node:net';
import { setImmediate } from 'node:timers/promises';
import type { Random } from './random.ts';
import { type FuzzRequest, randomRequest } from './random-request.ts';
import { encodeRequest, malformed, randomFrames } from './wire.ts';

/** What a fuzz is told of the server, and what it has seen. */
export interface Fuzz {
  readonly socketPath: string;
  readonly devboxes: readonly string[];
  readonly limit: number;
  requests: number;
  /** How often each status came. */
  readonly statuses: Map<number, number>;
  /** Requests that an error of the server may be the answer to, with the answer. */
  readonly failures: string[];
}

/** A client that waits no longer for answers that are streams, or held, ms. */
const IMPATIENT_MS = 15;
/** An answer that is owed takes no longer on a machine that is badly overloaded, ms. */
const OWED_MS = 20_000;
const MAX_PIPELINED = 30;

/** Sends random requests, one connection after the other, until all of the fuzz have been sent. */
export async function runLane(random: Random, fuzz: Fuzz): Promise<void> {
  while (fuzz.requests < fuzz.limit && fuzz.failures.length === 0) {
    const kind = random.next();
    if (kind < 0.6) await pipelined(random, fuzz);
    else if (kind < 0.8) await broken(random, fuzz);
    else if (kind < 0.95) await http2(random, fuzz);
    else await frames(random, fuzz);
  }
}

/** Honest requests, all at once: each is owed an answer, in order. Those that may be held come last. */
async function pipelined(random: Random, fuzz: Fuzz): Promise<void> {
  const count = 1 + random.int(MAX_PIPELINED);
  const all = Array.from({ length: count }, () => randomRequest(random, fuzz.devboxes));
  const requests = [...all.filter(({ mayHold }) => !mayHold), ...all.filter(({ mayHold }) => mayHold)];
  const owed = requests.filter(({ mayHold }) => !mayHold).length;
  const bytes = Buffer.concat(requests.map((request) => encodeRequest(random, request)));
  fuzz.requests += count;
  const seen = await converse(random, fuzz, bytes, { owed, all: count });
  note(fuzz, seen.text, () => requests.map(describe).join('\n'));
  // A server that hangs up early owes nothing more: it said why, or what came was no request for it.
  if (seen.answers < owed && !seen.isOver)
    fuzz.failures.push(`${seen.answers} of ${owed} answers:\n${bytes}`);
}

/** Some honest ones, then bytes that are none. */
async function broken(random: Random, fuzz: Fuzz): Promise<void> {
  const request = () => encodeRequest(random, randomRequest(random, fuzz.devboxes));
  const before = Array.from({ length: random.int(4) }, request);
  const bytes = Buffer.concat([...before, malformed(random, request())]);
  fuzz.requests += before.length + 1;
  const seen = await converse(random, fuzz, bytes, { owed: 0, all: before.length + 1 });
  note(fuzz, seen.text, () => bytes.toString('latin1'));
}

async function http2(random: Random, fuzz: Fuzz): Promise<void> {
  const session = connectHttp2('http://localhost', { createConnection: () => connect(fuzz.socketPath) });
  session.on('error', () => undefined);
  const closed = new Promise<void>((resolve) => session.once('close', resolve));
  const requests = Array.from({ length: 1 + random.int(MAX_PIPELINED) }, () =>
    randomRequest(random, fuzz.devboxes),
  );
  fuzz.requests += requests.length;
  const owed = new Set<FuzzRequest>();
  const answered = requests.map((request) => {
    const { method, path, headers, body } = request;
    const stream = session.request(
      { ':method': method, ':path': path, ...Object.fromEntries(headers) },
      { endStream: body === undefined },
    );
    if (!request.mayHold) owed.add(request);
    // The server may have answered, and not want the rest of a body: then the stream stays open for a while.
    const ended = new Promise<void>((resolve) => stream.once('end', resolve).once('close', resolve));
    void ended.then(() => owed.delete(request));
    stream.on('error', () => undefined).resume();
    stream.once('response', ({ ':status': status = 0 }) => noteStatus(fuzz, status, () => describe(request)));
    if (body !== undefined && random.chance(0.9)) stream.end(body);
    else if (body !== undefined) stream.write(body.subarray(0, random.int(body.length)));
    if (random.chance(0.1)) stream.close(random.int(14));
    if (!request.mayHold && (body === undefined || stream.writableEnded)) return ended;
    owed.delete(request);
    return undefined;
  });
  const patience = setTimeout(() => {
    fuzz.failures.push(`No answer over HTTP/2 to:\n${[...owed].map(describe).join('\n')}`);
    session.destroy();
  }, OWED_MS);
  await Promise.race([Promise.all(answered), closed]);
  clearTimeout(patience);
  session.destroy();
  await closed;
}

async function frames(random: Random, fuzz: Fuzz): Promise<void> {
  fuzz.requests += 1;
  await converse(random, fuzz, randomFrames(random), { owed: 0, all: 1 });
}

interface Conversation {
  readonly text: string;
  readonly answers: number;
  /** The server has closed the connection, or reads no more of it. */
  readonly isOver: boolean;
}

/** Sends bytes in random pieces, and reads until all has been answered or nothing owed is left to be waited for. */
async function converse(
  random: Random,
  { socketPath }: Fuzz,
  bytes: Buffer,
  { owed, all }: { owed: number; all: number },
): Promise<Conversation> {
  const socket = connect(socketPath);
  let text = '';
  let isClosed = false;
  let changed = Promise.withResolvers<void>();
  const change = () => {
    changed.resolve();
    changed = Promise.withResolvers();
  };
  const look = () => text.match(/HTTP\/1\.1 [2-5]\d\d /g)?.length ?? 0;
  socket.setEncoding('latin1').on('data', (data) => {
    text += data;
    change();
  });
  socket
    .on('error', () => undefined)
    .on('end', () => {
      isClosed = true;
      change();
    });
  socket.once('close', () => {
    isClosed = true;
    change();
  });
  const isSent = await sendInPieces(random, socket, bytes);
  const due = isSent ? owed : 0;
  const started = performance.now();
  while (!isClosed && look() < all) {
    const limit = look() < due ? OWED_MS - (performance.now() - started) : IMPATIENT_MS;
    if (limit <= 0) break;
    const timer = Promise.withResolvers<'late'>();
    const timeout = setTimeout(() => timer.resolve('late'), limit);
    const came = await Promise.race([changed.promise, timer.promise]);
    clearTimeout(timeout);
    if (came === 'late') break;
  }
  socket.destroy();
  return { text, answers: look(), isOver: isClosed || !isSent };
}

/** @returns false when the server does not read on: it may want nothing more of a body, and is sent none */
async function sendInPieces(random: Random, socket: Socket, bytes: Buffer): Promise<boolean> {
  const pieces = random.chance(0.7) ? 1 : 1 + random.int(20);
  for (let piece = 0; piece < pieces; piece++) {
    const [from, to] = [piece, piece + 1].map((n) => Math.floor((n * bytes.length) / pieces));
    if (!socket.write(bytes.subarray(from, to)) && !(await drains(socket))) return false;
    await setImmediate();
  }
  return true;
}

async function drains(socket: Socket): Promise<boolean> {
  const signal = AbortSignal.timeout(10 * IMPATIENT_MS);
  return once(socket, 'drain', { signal }).then(
    () => true,
    () => false,
  );
}

function note(fuzz: Fuzz, text: string, sent: () => string): void {
  for (const [, status] of text.matchAll(/HTTP\/1\.1 ([2-5]\d\d) /g)) {
    noteStatus(fuzz, Number(status), () => `${sent()}\n${text.slice(0, 5000)}`);
  }
}

function noteStatus(fuzz: Fuzz, status: number, sent: () => string): void {
  fuzz.statuses.set(status, (fuzz.statuses.get(status) ?? 0) + 1);
  if (status >= 500) fuzz.failures.push(`${status} for one of:\n${sent()}`);
}

function describe({ method, path, headers, body }: FuzzRequest): string {
  return `${method} ${path} ${JSON.stringify(headers)} ${body?.toString('latin1').slice(0, 500) ?? ''}`;
}
