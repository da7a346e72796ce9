import { createCipheriv } from 'node:crypto';

/** What a failed run is repeated with: every byte and choice of a random test follows from it. */
export const SEED = Number(process.env.NSH_SEED ?? 1);

/** `length` bytes that look random and are the same for the same seed, about a gigabyte a second. */
export function seededBytes(seed: number, length: number): Buffer {
  const key = Buffer.alloc(16);
  key.writeDoubleLE(seed);
  return createCipheriv('aes-128-ctr', key, Buffer.alloc(16)).update(Buffer.alloc(length));
}
