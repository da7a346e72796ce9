import { createHash } from 'node:crypto';

/** Well below the 255 bytes that file systems allow, with room for a segment's number and suffix. */
const MAX_LENGTH = 120;
const KEPT_OF_LONG = 60;

/**
 * A file name for any string: `[a-z0-9_-]` stay, every other byte of its UTF-8 becomes `%XX`. Dots too, so that
 * no name is `..` and suffixes are unambiguous, and capitals, for file systems that do not tell them apart.
 * Names that get too long, the empty one and lone surrogates (which UTF-8 cannot tell apart) end in `~` and a hash.
 */
export function encodeFileName(name: string): string {
  const encoded = Array.from(Buffer.from(name), encodeByte).join('');
  if (encoded.length > 0 && encoded.length <= MAX_LENGTH && name.isWellFormed()) return encoded;
  const hash = createHash('sha256').update(Buffer.from(name, 'utf16le')).digest('hex').slice(0, 32);
  return `${encoded.slice(0, KEPT_OF_LONG).replace(/%.?$/, '')}~${hash}`;
}

/** The name that a file name was made of. Of a long one its beginning, as all that the file name tells. */
export function decodeFileName(encoded: string): string {
  const [shown = '', hash] = encoded.split('~');
  const bytes = shown.replace(/%([0-9A-F]{2})/g, (_all, hex) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  );
  const name = Buffer.from(bytes, 'latin1').toString('utf8');
  return hash === undefined ? name : `${name}…`;
}

function encodeByte(byte: number): string {
  const char = String.fromCharCode(byte);
  return /[a-z0-9_-]/.test(char) ? char : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
}
