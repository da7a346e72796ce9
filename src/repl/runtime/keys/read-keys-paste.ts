import { ESC } from './read-keys-bytes.ts';

const END_MARK = Uint8Array.from([ESC, 0x5b, 0x32, 0x30, 0x31, 0x7e]);

/** The content of one bracketed paste while it arrives. Linear in its bytes, however they are cut. */
export interface PasteCollector {
  /**
   * Takes bytes from `start` on, up to and with the end mark.
   *
   * @returns the index behind the end mark; undefined when the paste goes on.
   */
  take(bytes: Uint8Array, start: number): number | undefined;
  /** What came since the last call: line feeds only, no NUL. */
  drain(): string;
  /** UTF-16 units that wait to be drained. */
  readonly size: number;
  /** Whether the end mark has begun and this byte is its next one. */
  endsWith(byte: number | undefined): boolean;
}

export function collectPaste(): PasteCollector {
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  let parts: string[] = [];
  let size = 0;
  let matched = 0;

  function add(bytes: Uint8Array): void {
    const part = decoder.decode(bytes, { stream: true });
    size += part.length;
    parts.push(part);
  }

  return {
    take(bytes, start) {
      let index = start;
      while (index < bytes.length) {
        if (matched === 0) {
          const mark = bytes.indexOf(ESC, index);
          const end = mark === -1 ? bytes.length : mark;
          if (end > index) add(bytes.subarray(index, end));
          if (mark === -1) return undefined;
          matched = 1;
          index = mark + 1;
        } else if (bytes[index] === END_MARK[matched]) {
          matched += 1;
          index += 1;
          if (matched === END_MARK.length) {
            matched = 0;
            return index;
          }
        } else {
          // ESC occurs in the mark only as its first byte: what was matched is content, this byte is looked at anew.
          add(END_MARK.subarray(0, matched));
          matched = 0;
        }
      }
      return undefined;
    },
    drain() {
      const text = parts.join('').replace(/\r\n?/g, '\n').replaceAll('\0', '');
      parts = [];
      size = 0;
      return text;
    },
    get size() {
      return size;
    },
    endsWith(byte) {
      return matched > 0 && byte === END_MARK[matched];
    },
  };
}
