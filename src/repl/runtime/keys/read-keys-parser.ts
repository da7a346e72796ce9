import type { KeyEvent } from '../../editor/key-event.ts';
import { concatBytes, decodeUtf8, ESC, latin1, unfinishedUtf8 } from './read-keys-bytes.ts';
import { findStringEnd, readEscape } from './read-keys-escape.ts';
import { characterKey, controlKey, namedKey, noModifiers } from './read-keys-names.ts';
import { collectPaste, type PasteCollector } from './read-keys-paste.ts';

/**
 * Turns a terminal's bytes into keys. It has no clock: whoever feeds it calls flush() after `patience` ms in which
 * nothing came.
 *
 * Nothing it waits for can swallow the keyboard:
 * - A lone ESC, or one with an introducer behind it, becomes a key at the next flush.
 * - A begun sequence or reply becomes a reply at the next flush. A reply (OSC, DCS, …) beyond 4 KB is given up to
 *   there, and its rest dropped up to its end, to Ctrl-C or to the next flush.
 * - A paste whose end mark does not come is given at the next flush. It goes on if more of it comes, but a short read
 *   without the mark (at most 16 bytes: a key) ends it and counts as keys. Without the wait for such a read, the rest
 *   of a paste on a slow line would be typed, and its line breaks would submit.
 * - A paste is given in parts of 8 Mi characters.
 */
export interface KeyParser {
  feed(bytes: Uint8Array): KeyEvent[];
  /** Nothing came for `patience` ms: what is held is taken for what it looks like now. */
  flush(): KeyEvent[];
  /** Bytes are held that mean nothing yet. */
  readonly pending: boolean;
  /** Silence in ms after which flush() is due; undefined when nothing is held. */
  readonly patience: number | undefined;
}

const ESCAPE_PATIENCE = 30;
/** The rest of a sequence that has begun is on its way: only a slow line delays it, no finger does. */
const SEQUENCE_PATIENCE = 300;
const PASTE_PATIENCE = 1000;

const KEY_BYTES = 16;
const MAX_PASTE_PART = 8 * 1024 * 1024;

const nothing = new Uint8Array(0);

export function createKeyParser(): KeyParser {
  /** The beginning of a sequence or of a character. */
  let held = nothing;
  /** The rest of an overlong control string is being dropped. */
  let dropping = false;
  let paste: PasteCollector | undefined;
  /** The paste was given as far as it came. */
  let overdue = false;

  /** Each reader returns the index to go on at; undefined to hold the bytes from `start` on until more come. */
  function readPaste(
    collector: PasteCollector,
    bytes: Uint8Array,
    start: number,
    events: KeyEvent[],
  ): number {
    const end = collector.take(bytes, start);
    if (end !== undefined || collector.size >= MAX_PASTE_PART) addPaste(collector, events);
    if (end !== undefined) paste = undefined;
    return end ?? bytes.length;
  }

  function dropString(bytes: Uint8Array, start: number): number | undefined {
    const end = findStringEnd(bytes, start, bytes.length);
    if (end === undefined) return bytes.length;
    if (end === 'incomplete') return bytes.length - 1 > start ? bytes.length - 1 : undefined;
    dropping = false;
    return end;
  }

  function readSequence(bytes: Uint8Array, start: number, events: KeyEvent[]): number | undefined {
    const sequence = readEscape(bytes, start);
    if (sequence.kind === 'incomplete') return undefined;
    if (sequence.kind === 'paste') paste = collectPaste();
    else if (sequence.event !== undefined) events.push(sequence.event);
    dropping = sequence.kind === 'overlong';
    return sequence.next;
  }

  function readNext(bytes: Uint8Array, start: number, events: KeyEvent[]): number | undefined {
    const byte = bytes[start] ?? 0;
    if (paste !== undefined) return readPaste(paste, bytes, start, events);
    if (dropping) return dropString(bytes, start);
    if (byte === ESC) return readSequence(bytes, start, events);
    if (!isControl(byte)) return readText(bytes, start, events);
    events.push(controlKey(byte));
    return start + 1;
  }

  return {
    feed(bytes) {
      if (overdue && paste !== undefined && isKeyRead(paste, bytes)) paste = undefined;
      overdue = false;
      const events: KeyEvent[] = [];
      const all = concatBytes(held, bytes);
      held = nothing;
      let index: number | undefined = 0;
      while (index < all.length) {
        const next = readNext(all, index, events);
        if (next === undefined) {
          // A copy: the reader may use its buffer again.
          held = all.slice(index);
          break;
        }
        index = next;
      }
      return events;
    },
    flush() {
      const events: KeyEvent[] = [];
      if (paste !== undefined) {
        addPaste(paste, events);
        overdue = true;
      } else if (!dropping) {
        readHeld(held, events);
      }
      dropping = false;
      held = nothing;
      return events;
    },
    get pending() {
      return this.patience !== undefined;
    },
    get patience() {
      if (paste !== undefined) return overdue ? undefined : PASTE_PATIENCE;
      if (dropping) return SEQUENCE_PATIENCE;
      if (held.length === 0) return undefined;
      return held.length <= 2 && held[0] === ESC ? ESCAPE_PATIENCE : SEQUENCE_PATIENCE;
    },
  };
}

function addPaste(collector: PasteCollector, events: KeyEvent[]): void {
  const text = collector.drain();
  if (text !== '') events.push({ type: 'paste', text });
}

/** After a paste's silence: does this read look like a key, and not like more of the paste? */
function isKeyRead(paste: PasteCollector, bytes: Uint8Array): boolean {
  if (bytes.length > KEY_BYTES || paste.endsWith(bytes[0])) return false;
  return !latin1(bytes, 0, bytes.length).includes('\x1b[201');
}

/**
 * A run of printable characters: one is a key, several are a text. A character whose rest has not come is held. C1
 * control characters, which no key sends, are left out.
 */
function readText(bytes: Uint8Array, start: number, events: KeyEvent[]): number | undefined {
  let end = start;
  while (end < bytes.length && !isControl(bytes[end] ?? 0)) end += 1;
  if (end === bytes.length) end -= unfinishedUtf8(bytes, start, end);
  if (end === start) return undefined;
  const text = decodeUtf8(bytes.subarray(start, end)).replace(/[\x80-\x9f]/g, '');
  const first = text.codePointAt(0);
  if (first === undefined) return end;
  const character = String.fromCodePoint(first);
  events.push(character === text ? characterKey(character) : { type: 'text', text });
  return end;
}

/** What held bytes are when nothing comes behind them. */
function readHeld(bytes: Uint8Array, events: KeyEvent[]): void {
  const [first, second] = bytes;
  if (first === undefined) return;
  if (first !== ESC) {
    events.push(characterKey('\ufffd'));
  } else if (second === undefined || second === ESC || second >= 0x80) {
    events.push(namedKey('escape'));
    readHeld(bytes.subarray(1), events);
  } else if (bytes.length === 2) {
    events.push(characterKey(String.fromCharCode(second), { ...noModifiers, alt: true }));
  } else {
    events.push({ type: 'reply', raw: latin1(bytes, 0, bytes.length) });
  }
}

function isControl(byte: number): boolean {
  return byte < 0x20 || byte === 0x7f;
}
