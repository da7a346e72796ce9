/**
 * Extension: the `text` of `send_std_in` is JSON, which carries no byte that is not UTF-8. A server with this
 * capability takes such a byte b (128 to 255) as the lone surrogate U+DC00 + b, which stands in no proper text:
 * Python's `surrogateescape` (PEP 383). Any bytes then go through unchanged, and proper text is what it always was.
 */
export const STDIN_BYTES_CAPABILITY = 'stdin_bytes';

const ESCAPE = 0xdc00;
const UNITS_AT_ONCE = 8192;

/** Turns bytes that come in pieces into text. A character cut between two pieces is held for the next. */
export class StdinTextDecoder {
  #held = new Uint8Array(0);
  /** Whether any byte had to be escaped so far. */
  escaped = false;

  decode(piece: Uint8Array): string {
    return this.#decode(piece, false);
  }

  /** What was held, when nothing completes it any more. */
  flush(): string {
    return this.#decode(new Uint8Array(0), true);
  }

  #decode(piece: Uint8Array, isLast: boolean): string {
    const bytes = new Uint8Array(this.#held.length + piece.length);
    bytes.set(this.#held);
    bytes.set(piece, this.#held.length);
    let text = '';
    let units: number[] = [];
    let at = 0;
    while (at < bytes.length) {
      const length = sequenceLength(bytes, at);
      if (length === 'cut' && !isLast) break;
      if (typeof length === 'number') {
        pushUnits(units, bytes, at, length);
        at += length;
      } else {
        this.escaped = true;
        units.push(ESCAPE + (bytes[at] ?? 0));
        at += 1;
      }
      if (units.length >= UNITS_AT_ONCE) {
        text += String.fromCharCode(...units);
        units = [];
      }
    }
    this.#held = bytes.slice(at);
    return text + String.fromCharCode(...units);
  }
}

/** The bytes that `text` stands for. Any other lone surrogate becomes U+FFFD, as in every UTF-8 encoder. */
export function stdinBytes(text: string): Uint8Array {
  const encoder = new TextEncoder();
  if (text.isWellFormed()) return encoder.encode(text);
  const bytes = new Uint8Array(text.length * 3);
  let used = 0;
  // By code points: the halves of a pair are never taken for escapes.
  for (const character of text) {
    const point = character.codePointAt(0) ?? 0;
    if (point >= ESCAPE + 0x80 && point <= ESCAPE + 0xff) bytes[used++] = point - ESCAPE;
    else if (point < 0x80) bytes[used++] = point;
    else used += encoder.encodeInto(character, bytes.subarray(used)).written;
  }
  return bytes.subarray(0, used);
}

/** How long the UTF-8 sequence at `at` is; `cut` when the bytes end inside of one that is good so far. */
function sequenceLength(bytes: Uint8Array, at: number): number | 'cut' | 'invalid' {
  const lead = bytes[at] ?? 0;
  if (lead < 0x80) return 1;
  if (lead < 0xc2 || lead > 0xf4) return 'invalid';
  const length = lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
  for (let offset = 1; offset < length; offset++) {
    const byte = bytes[at + offset];
    if (byte === undefined) return 'cut';
    // The second byte's range shuts out overlong forms, surrogates and what lies past U+10FFFF.
    const isSecond = offset === 1;
    const low = isSecond && lead === 0xe0 ? 0xa0 : isSecond && lead === 0xf0 ? 0x90 : 0x80;
    const high = isSecond && lead === 0xed ? 0x9f : isSecond && lead === 0xf4 ? 0x8f : 0xbf;
    if (byte < low || byte > high) return 'invalid';
  }
  return length;
}

function pushUnits(units: number[], bytes: Uint8Array, at: number, length: number): void {
  const lead = bytes[at] ?? 0;
  if (length === 1) {
    units.push(lead);
    return;
  }
  let point = lead & (0xff >> (length + 1));
  for (let offset = 1; offset < length; offset++) point = (point << 6) | ((bytes[at + offset] ?? 0) & 0x3f);
  if (point > 0xffff) units.push(0xd7c0 + (point >> 10), ESCAPE + (point & 0x3ff));
  else units.push(point);
}
