import { BufferPool } from './buffer-pool.ts';

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const SPACE = 0x20;
/** The second byte of the short escapes of JSON. */
const SHORT_ESCAPES = new Uint8Array(256);
for (const character of '\b\t\n\f\r"\\') {
  SHORT_ESCAPES[character.charCodeAt(0)] = JSON.stringify(character).charCodeAt(2);
}
const LONGEST_ESCAPE = 6;

const HEAD = Buffer.from('data: {"output":"');
/** What follows the text: the offset has at most 16 digits. */
const TAIL_BYTES = 64;
/** An event of text is about as large as its bytes, one of control characters up to six times that: it is cut. */
const BUFFER_BYTES = 96 * 1024;
/** Smaller events are copied out, so that what waits for a slow reader holds no large buffer. */
const SMALL_BYTES = 8 * 1024;
const buffers = new BufferPool(BUFFER_BYTES);

export interface OutputEvent {
  readonly bytes: Uint8Array;
  /** How many bytes of the output it carries: not all of them where it would become too large. */
  readonly taken: number;
  /** To be called when the bytes were sent: they are another event's then. */
  readonly sent: () => void;
}

/**
 * The beginning of a piece of output as a server-sent event with `{"output":…,"offset":…}`, made from its bytes
 * directly: by way of strings the same costs twice the time and leaves a gigabyte of garbage for each that is sent.
 *
 * @param text valid UTF-8
 * @param offset where it starts in the output
 */
export function outputEvent(text: Uint8Array, offset: number): OutputEvent {
  const target = buffers.take();
  HEAD.copy(target);
  const { taken, end } = escapeInto(target, HEAD.length, text);
  const length = end + target.write(`","offset":${offset}}\n\n`, end, 'latin1');
  const sent = () => buffers.give(target);
  if (length > SMALL_BYTES) return { bytes: target.subarray(0, length), taken, sent };
  const bytes = Buffer.from(target.subarray(0, length));
  sent();
  return { bytes, taken, sent: () => {} };
}

/** As JSON escapes it. @returns how much was taken, and where it ends in the target */
function escapeInto(bytes: Buffer, from: number, text: Uint8Array): { taken: number; end: number } {
  const input = new DataView(text.buffer, text.byteOffset, text.byteLength);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const limit = bytes.length - TAIL_BYTES - 4 * LONGEST_ESCAPE;
  const words = text.length - (text.length % 4);
  let at = from;
  let next = 0;
  // Four bytes at once where none is to be escaped, which is nearly always.
  for (; next < words && at < limit; next += 4) {
    const word = input.getInt32(next, true);
    if (hasNone(word)) {
      view.setInt32(at, word, true);
      at += 4;
    } else {
      at = escapeByte(bytes, at, text[next] ?? 0);
      at = escapeByte(bytes, at, text[next + 1] ?? 0);
      at = escapeByte(bytes, at, text[next + 2] ?? 0);
      at = escapeByte(bytes, at, text[next + 3] ?? 0);
    }
  }
  for (; next < text.length && at < limit; next++) at = escapeByte(bytes, at, text[next] ?? 0);
  // Cut in the middle of a character: its beginning goes with its rest.
  for (; next < text.length && ((text[next] ?? 0) & 0xc0) === 0x80; next--) at--;
  return { taken: next, end: at };
}

/** Whether no byte of the four is a control character, a quote or a backslash. */
function hasNone(word: number): boolean {
  const quote = word ^ 0x22222222;
  const backslash = word ^ 0x5c5c5c5c;
  const found =
    (((word - 0x20202020) | 0) & ~word) |
    (((quote - 0x01010101) | 0) & ~quote) |
    (((backslash - 0x01010101) | 0) & ~backslash);
  return (found & 0x80808080) === 0;
}

/** @returns where the next goes */
function escapeByte(bytes: Uint8Array, at: number, byte: number): number {
  if (byte >= SPACE && byte !== QUOTE && byte !== BACKSLASH) {
    bytes[at] = byte;
    return at + 1;
  }
  bytes[at] = BACKSLASH;
  const second = SHORT_ESCAPES[byte] ?? 0;
  if (second !== 0) {
    bytes[at + 1] = second;
    return at + 2;
  }
  const low = byte & 15;
  bytes[at + 1] = 0x75; // u
  bytes[at + 2] = 0x30;
  bytes[at + 3] = 0x30;
  bytes[at + 4] = 0x30 + (byte >> 4);
  bytes[at + 5] = low < 10 ? 0x30 + low : 0x57 + low;
  return at + LONGEST_ESCAPE;
}
