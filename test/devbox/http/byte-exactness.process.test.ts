import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { StdinTextDecoder } from '../../../src/api/extension/stdin-bytes.ts';
import { routes } from '../../../src/api/routes.ts';
import { createEventDecoder } from '../../../src/api/sse/decode.ts';
import { startTestDevbox, type TestDevbox } from '../../helpers/devbox-server.ts';
import { SEED, seededBytes } from '../../helpers/seeded-bytes.ts';
import { seeded } from '../engine/random-times.ts';
import { BodyReader } from './body-reader.ts';
import { execute, launch, whenStatus } from './commands.ts';
import { get, post } from './raw-client.ts';
import { streamChunks } from './sse.ts';

let devbox: TestDevbox;
beforeAll(async () => {
  devbox = await startTestDevbox();
});
afterAll(() => devbox[Symbol.asyncDispose]());

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');
const seedNote = `NSH_SEED=${SEED} repeats this`;

/** A `cat` that is read live by both routes while it writes what it is sent, piece by piece. */
async function copied(pieces: Iterable<Uint8Array>) {
  const id = await launch(devbox, 'cat', `copied-${performance.now()}`, true);
  const raw = await BodyReader.open(devbox, routes.output('local', id, 'stdout'));
  const events = await BodyReader.open(devbox, routes.stream('local', id, 'stdout'));
  let sent = 0;
  for (const piece of pieces) {
    const decoder = new StdinTextDecoder();
    const text = decoder.decode(piece) + decoder.flush();
    await post(devbox, routes.sendStdIn('local', id), { text });
    sent += piece.length;
    // It has been written, read and sent on by itself: no later one is joined to it on the way.
    await raw.atLeast(sent);
  }
  await post(devbox, routes.sendStdIn('local', id), { signal: 'EOF' });
  expect((await whenStatus(devbox, id)).exit_status).toBe(0);
  expect([await raw.ended, await events.ended]).toEqual([true, true]);
  const chunks: { output: string; offset: number }[] = [];
  for (const { data } of createEventDecoder().feed(await events.atLeast(0))) chunks.push(JSON.parse(data));
  return { id, raw: await raw.atLeast(sent), chunks };
}

/** Offsets that follow each other without a gap, and all of the text. */
function joined(chunks: readonly { output: string; offset: number }[]): string {
  let next = 0;
  for (const { output, offset } of chunks) {
    expect(offset).toBe(next);
    next += Buffer.byteLength(output);
  }
  return chunks.map(({ output }) => output).join('');
}

/** The text that stands for bytes, by trial of every length: slow, and made in another way than the server's. */
function textFor(bytes: Uint8Array): string {
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  let text = '';
  for (let at = 0; at < bytes.length; ) {
    const character = [1, 2, 3, 4].flatMap((length) => {
      try {
        return at + length <= bytes.length ? [decoder.decode(bytes.subarray(at, at + length))] : [];
      } catch {
        return [];
      }
    })[0];
    text += character ?? '?';
    at += character === undefined ? 1 : Buffer.byteLength(character);
  }
  return text;
}

test('characters that are written a byte at a time arrive whole, and every byte at once on the raw route', async () => {
  // Of every length, the ends of their ranges, a byte order mark, and what JSON and events must escape.
  const text = 'aü߿ࠀ\u2028€\ufeff\uffff𐀀😀\u{10ffff}"\\\0\r\n\u0085é̂🏳️‍🌈z';
  const bytes = Buffer.from(text);
  const { raw, chunks } = await copied([...bytes].map((byte) => Uint8Array.of(byte)));
  expect(raw.equals(bytes)).toBe(true);
  expect(joined(chunks)).toBe(text);
  // As each byte came by itself, each character is a chunk of its own.
  expect(chunks.map(({ output }) => output)).toEqual([...text]);
});

test('a text that is cut in two anywhere arrives whole', async () => {
  const text = 'ü€😀';
  const bytes = Buffer.from(text);
  for (let cut = 1; cut < bytes.length; cut++) {
    const { raw, chunks } = await copied([bytes.subarray(0, cut), bytes.subarray(cut)]);
    expect(raw.equals(bytes)).toBe(true);
    expect(joined(chunks)).toBe(text);
  }
});

test('cut characters, stray bytes and noise in random pieces: raw bytes are exact, text has one ? for each stray one', async () => {
  const random = seeded(SEED);
  const upTo = (limit: number) => Math.floor(random() * limit);
  const characters = ['a', 'ü', '€', '😀', '\u{10ffff}', '\0', '\n'].map((character) =>
    Buffer.from(character),
  );
  const strays = [[0x80], [0xc0, 0xaf], [0xe2, 0x82], [0xed, 0xa0, 0x80], [0xf0, 0x9f, 0x98], [0xf5], [0xff]];
  const soup = Buffer.concat(
    Array.from({ length: 1500 }, () =>
      Buffer.from(random() < 0.6 ? (characters[upTo(7)] ?? []) : (strays[upTo(7)] ?? [])),
    ),
  );
  const whole = Buffer.concat([soup, seededBytes(SEED, 3000)]);
  const pieces: Uint8Array[] = [];
  for (let at = 0; at < whole.length; ) {
    const length = 1 + upTo(40);
    pieces.push(whole.subarray(at, at + length));
    at += length;
  }
  const { id, raw, chunks } = await copied(pieces);
  expect(raw.equals(whole), seedNote).toBe(true);
  expect(joined(chunks), seedNote).toBe(textFor(whole));
  // Read back from what is kept, in other pieces than they came in, from any byte.
  expect(joined(await streamChunks(devbox, id, 'stdout')), seedNote).toBe(textFor(whole));
  for (let round = 0; round < 20; round++) {
    const from = upTo(whole.length);
    const rest = await get(devbox, `${routes.output('local', id, 'stdout')}?offset=${from}`);
    expect(rest.bytes.equals(whole.subarray(from)), `from ${from}; ${seedNote}`).toBe(true);
    const [first] = await streamChunks(devbox, id, 'stdout', from);
    expect(first?.offset, seedNote).toBe(from);
  }
});

test('random binary on both streams at once: what bash summed up is what both routes carry', async () => {
  const bytes = seededBytes(SEED, 20_000_011);
  writeFileSync(join(devbox.home, 'noise'), bytes);
  const command = 'tee >(sha256sum >sum) <noise | cat & cat noise >&2; wait; cut -c 1-64 sum';
  const { execution_id: id, nsh } = await execute(devbox, command, 'binary');
  const [out, err] = await Promise.all(
    (['stdout', 'stderr'] as const).map(
      async (stream) => (await get(devbox, routes.output('local', id, stream))).bytes,
    ),
  );
  expect([nsh.stdout_bytes, nsh.stderr_bytes]).toEqual([bytes.length + 65, bytes.length]);
  const noise = out?.subarray(0, bytes.length) ?? Buffer.alloc(0);
  expect([sha256(noise), sha256(err ?? noise)], seedNote).toEqual([sha256(bytes), sha256(bytes)]);
  expect(String(out?.subarray(bytes.length)), seedNote).toBe(`${sha256(bytes)}\n`);
});

test('background jobs that keep the output open and write later: each byte goes to the command that it came from', async () => {
  const JOBS = 6;
  const sized = (n: number) => seededBytes(SEED + n, 1_000_003 + n);
  const names = Array.from({ length: JOBS }, (_, n) => `job-${n}`);
  for (const [n, name] of names.entries()) writeFileSync(join(devbox.home, name), sized(n));
  const now = seededBytes(SEED - 1, 700_001);
  writeFileSync(join(devbox.home, 'now'), now);
  const ids: string[] = [];
  for (const name of names) {
    const job = `{ until [ -e go ]; do sleep 0.01; done; cat ${name}; cat ${name} >&2; } &`;
    ids.push((await execute(devbox, `rm -f go; ${job} cat now; cat now >&2`, 'holders')).execution_id);
  }
  // They all write while these run, which have the same bash.
  ids.push((await execute(devbox, 'touch go; cat now; cat now >&2; cat now', 'holders')).execution_id);
  const last = await execute(devbox, 'wait; cat now; cat now >&2', 'holders');
  const read = async (path: string) => (await get(devbox, path)).bytes;
  for (const id of [...ids.slice(0, JOBS), last.execution_id]) {
    for (const stream of ['stdout', 'stderr'] as const) {
      expect(sha256(await read(routes.output('local', id, stream))), seedNote).toBe(sha256(now));
    }
  }
  expect((await read(routes.output('local', ids.at(-1) ?? '', 'stdout'))).length).toBe(2 * now.length);
  // Their ends are known to bash; the bytes are all there when the shell, and so the late output, is over.
  await post(devbox, routes.closeShell('local', 'holders'));
  for (const [n, id] of ids.slice(0, JOBS).entries()) {
    for (const stream of ['stdout', 'stderr'] as const) {
      const late = await read(routes.lateOutput('local', id, stream));
      expect([late.length, sha256(late)], seedNote).toEqual([sized(n).length, sha256(sized(n))]);
    }
  }
});
