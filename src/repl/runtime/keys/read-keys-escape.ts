import type { KeyEvent } from '../../editor/key-event.ts';
import { decodeUtf8, ESC, latin1, utf8Length } from './read-keys-bytes.ts';
import { csiEvent } from './read-keys-csi.ts';
import {
  characterKey,
  controlKey,
  keypadCharacter,
  keysByFinal,
  namedKey,
  noModifiers,
  readModifiers,
  rxvtArrows,
} from './read-keys-names.ts';

/** `next` is the index behind the sequence. */
export type Escape =
  | { readonly kind: 'event'; readonly event: KeyEvent | undefined; readonly next: number }
  | { readonly kind: 'paste'; readonly next: number }
  /** A control string beyond the cap: what follows, up to its end, is to be dropped. */
  | { readonly kind: 'overlong'; readonly event: KeyEvent; readonly next: number }
  /** More bytes must come. */
  | { readonly kind: 'incomplete' };

const BEL = 0x07;
const CTRL_C = 0x03;
const CANCEL = 0x18;
const SUBSTITUTE = 0x1a;

const incomplete: Escape = { kind: 'incomplete' };

/** Bytes. The longest CSI sequences terminals send are some 40 long, the longest strings (titles, DECRQSS) 1 KB. */
const MAX_CSI = 256;
const MAX_STRING = 4096;

/** Reads the sequence that begins with the ESC at `start`. */
export function readEscape(bytes: Uint8Array, start: number): Escape {
  const byte = bytes[start + 1];
  if (byte === undefined) return incomplete;
  const introducer = String.fromCharCode(byte);
  if (introducer === '[') return readCsi(bytes, start);
  if (introducer === 'O') return readSs3(bytes, start);
  if (']P_^X'.includes(introducer)) return readString(bytes, start);
  if (byte === ESC) return readDoubleEscape(bytes, start);
  if (byte < 0x20 || byte === 0x7f) return found(controlKey(byte, true), start + 2);
  if (byte < 0x80) return found(characterKey(introducer, { ...noModifiers, alt: true }), start + 2);
  return readAltUtf8(bytes, start, byte);
}

function found(event: KeyEvent | undefined, next: number): Escape {
  return { kind: 'event', event, next };
}

/** ESC ESC [ A is Alt with an arrow (rxvt, iTerm2); in front of anything else the first ESC is a key of its own. */
function readDoubleEscape(bytes: Uint8Array, start: number): Escape {
  const third = bytes[start + 2];
  if (third === undefined) return incomplete;
  const lone = found(namedKey('escape'), start + 1);
  if (third !== 0x5b && third !== 0x4f) return lone;
  const inner = readEscape(bytes, start + 1);
  if (inner.kind === 'incomplete') return incomplete;
  if (inner.kind !== 'event' || inner.event?.type !== 'key' || inner.event.text !== undefined) return lone;
  return found({ ...inner.event, alt: true }, inner.next);
}

function readAltUtf8(bytes: Uint8Array, start: number, lead: number): Escape {
  const end = start + 1 + utf8Length(lead);
  for (let index = start + 2; index < end; index += 1) {
    const byte = bytes[index];
    if (byte === undefined) return incomplete;
    if ((byte & 0xc0) !== 0x80) return found(namedKey('escape'), start + 1);
  }
  const character = decodeUtf8(bytes.subarray(start + 1, end));
  if (character.length > 2 || character === '\ufffd') return found(namedKey('escape'), start + 1);
  return found(characterKey(character, { ...noModifiers, alt: true }), end);
}

function readCsi(bytes: Uint8Array, start: number): Escape {
  const first = start + 2;
  if (bytes[first] === undefined) return incomplete;
  const single = String.fromCharCode(bytes[first]);
  if (single === '[') return readLinuxFunctionKey(bytes, start);
  if (single === 'M') return readMouse(bytes, start);
  let index = first;
  while (isBetween(bytes[index], 0x30, 0x3f)) index += 1;
  const parametersEnd = index;
  while (isBetween(bytes[index], 0x20, 0x2f)) index += 1;
  const tooLong = index - start > MAX_CSI;
  if (index >= bytes.length && !tooLong) return incomplete;
  if (tooLong || !isBetween(bytes[index], 0x40, 0x7e)) {
    if (index === first) return found(characterKey('[', { ...noModifiers, alt: true }), first);
    return found({ type: 'reply', raw: latin1(bytes, start, index) }, index);
  }
  const parameters = latin1(bytes, first, parametersEnd);
  const final = latin1(bytes, index, index + 1);
  const next = index + 1;
  if (final === '~' && parameters === '200') return { kind: 'paste', next };
  const intermediates = latin1(bytes, parametersEnd, index);
  return found(csiEvent({ parameters, intermediates, final, raw: latin1(bytes, start, next) }), next);
}

/** The Linux console sends F1 to F5 as CSI [ A to CSI [ E. */
function readLinuxFunctionKey(bytes: Uint8Array, start: number): Escape {
  const byte = bytes[start + 3];
  if (byte === undefined) return incomplete;
  if (isBetween(byte, 0x41, 0x45)) return found(namedKey(`f${byte - 0x40}`), start + 4);
  return found({ type: 'reply', raw: latin1(bytes, start, start + 3) }, start + 3);
}

/** X10 mouse report: three bytes of any value follow. */
function readMouse(bytes: Uint8Array, start: number): Escape {
  const next = start + 6;
  if (bytes.length < next) return incomplete;
  return found({ type: 'reply', raw: latin1(bytes, start, next) }, next);
}

/** ESC O, perhaps a modifier's digit, a letter. Anything else behind it makes it Alt-Shift-O. */
function readSs3(bytes: Uint8Array, start: number): Escape {
  const digit = bytes[start + 2];
  const hasDigit = isBetween(digit, 0x32, 0x38);
  const index = start + (hasDigit ? 3 : 2);
  const byte = bytes[index];
  if (byte === undefined) return incomplete;
  const modifiers = (hasDigit ? readModifiers((digit ?? 0) - 0x30) : noModifiers) ?? noModifiers;
  const final = String.fromCharCode(byte);
  const next = index + 1;
  const name = final === 'M' ? 'enter' : final === 'I' ? 'tab' : keysByFinal.get(final);
  if (name !== undefined) return found(namedKey(name, modifiers), next);
  const arrow = rxvtArrows.get(final);
  if (arrow !== undefined) return found(namedKey(arrow, { ...noModifiers, ctrl: true }), next);
  const character = final === ' ' ? final : keypadCharacter(final);
  if (character !== undefined) return found(characterKey(character, modifiers), next);
  return found(characterKey('O', { ...noModifiers, alt: true }), start + 2);
}

/** OSC, DCS, APC, PM, SOS. */
function readString(bytes: Uint8Array, start: number): Escape {
  const cap = start + MAX_STRING;
  const end = findStringEnd(bytes, start + 2, Math.min(bytes.length, cap));
  if (end === 'incomplete' || (end === undefined && bytes.length < cap)) return incomplete;
  if (end !== undefined) return stringReply(bytes, start, end);
  return { kind: 'overlong', event: { type: 'reply', raw: latin1(bytes, start, cap) }, next: cap };
}

/**
 * The index behind a control string: behind BEL or `ESC \`, or before another ESC. Ctrl-C, CAN and SUB break it off,
 * so that a reply without its end cannot hold back an interrupt. Line breaks do not: a title can have any text, and
 * what follows its line break must not be typed.
 *
 * @returns 'incomplete' when the last byte is an ESC; undefined when no end lies before `limit`.
 */
export function findStringEnd(
  bytes: Uint8Array,
  start: number,
  limit: number,
): number | 'incomplete' | undefined {
  for (let index = start; index < limit; index += 1) {
    const byte = bytes[index] ?? 0;
    if (byte === BEL) return index + 1;
    if (byte === CTRL_C || byte === CANCEL || byte === SUBSTITUTE) return index;
    if (byte !== ESC) continue;
    if (index + 1 >= bytes.length) return 'incomplete';
    return bytes[index + 1] === 0x5c ? index + 2 : index;
  }
  return undefined;
}

/** An introducer with nothing behind it was a key pressed with Alt. */
function stringReply(bytes: Uint8Array, start: number, next: number): Escape {
  if (next > start + 2) return found({ type: 'reply', raw: latin1(bytes, start, next) }, next);
  return found(characterKey(latin1(bytes, start + 1, next), { ...noModifiers, alt: true }), next);
}

function isBetween(byte: number | undefined, low: number, high: number): boolean {
  return byte !== undefined && byte >= low && byte <= high;
}
