import { isUtf8 } from 'node:buffer';

const QUESTION_MARK = 0x3f;

/**
 * Output bytes as the text that JSON can carry. Each byte that is not part of valid UTF-8 becomes one `?`, so that
 * the text has exactly as many bytes of UTF-8 as it stands for, and offsets counted by either side agree.
 */
export function textOf(bytes: Uint8Array): string {
  const valid = validText(bytes);
  return Buffer.from(valid.buffer, valid.byteOffset, valid.byteLength).toString('utf8');
}

/** The same as bytes; those given, where they are valid UTF-8 already. */
export function validText(bytes: Uint8Array): Uint8Array {
  return isUtf8(bytes) ? bytes : withoutInvalid(bytes);
}

/**
 * How many bytes at the end of `bytes` are the beginning of a character whose rest may still come: 0 to 3.
 * What can no longer become a character is not counted.
 */
export function unfinishedBytes(bytes: Uint8Array): number {
  for (let back = 1; back <= Math.min(3, bytes.length); back++) {
    const start = bytes.length - back;
    const lead = bytes[start] ?? 0;
    if (lead < 0x80) return 0;
    if (lead < 0xc0) continue;
    const wanted = lengthByLead(lead);
    return wanted > back && sequenceLength(bytes, start) === 0 && isPrefix(bytes, start) ? back : 0;
  }
  return 0;
}

function withoutInvalid(bytes: Uint8Array): Uint8Array {
  const copy = new Uint8Array(bytes);
  for (let index = 0; index < copy.length; ) {
    const length = sequenceLength(copy, index);
    if (length === 0) copy[index] = QUESTION_MARK;
    index += Math.max(length, 1);
  }
  return copy;
}

/** The length of the valid sequence that starts at `index`; 0 if there is none. */
function sequenceLength(bytes: Uint8Array, index: number): number {
  const lead = bytes[index] ?? 0;
  if (lead < 0x80) return 1;
  const length = lengthByLead(lead);
  if (length === 0 || index + length > bytes.length) return 0;
  for (let offset = 1; offset < length; offset++) {
    if (!continues(lead, offset, bytes[index + offset] ?? 0)) return 0;
  }
  return length;
}

function isPrefix(bytes: Uint8Array, start: number): boolean {
  const lead = bytes[start] ?? 0;
  for (let index = start + 1; index < bytes.length; index++) {
    if (!continues(lead, index - start, bytes[index] ?? 0)) return false;
  }
  return true;
}

/** 0 for a byte that starts no sequence: continuations, overlong forms (C0, C1) and beyond U+10FFFF (F5 and up). */
function lengthByLead(lead: number): number {
  if (lead >= 0xc2 && lead <= 0xdf) return 2;
  if (lead >= 0xe0 && lead <= 0xef) return 3;
  if (lead >= 0xf0 && lead <= 0xf4) return 4;
  return 0;
}

/** The second byte of some leads is restricted, which rules out overlong forms, surrogates and U+110000 and up. */
function continues(lead: number, offset: number, byte: number): boolean {
  if (offset === 1) {
    if (lead === 0xe0) return byte >= 0xa0 && byte <= 0xbf;
    if (lead === 0xed) return byte >= 0x80 && byte <= 0x9f;
    if (lead === 0xf0) return byte >= 0x90 && byte <= 0xbf;
    if (lead === 0xf4) return byte >= 0x80 && byte <= 0x8f;
  }
  return byte >= 0x80 && byte <= 0xbf;
}
