import type { Spool } from '../../../src/devbox/engine/spool/spool.ts';

/** At most `maxBytes` bytes of a spool from `offset`: what one read gives. */
export async function readOnce(spool: Spool, offset: number, maxBytes: number): Promise<Uint8Array> {
  const target = new Uint8Array(maxBytes);
  return target.subarray(0, await spool.readInto(target, offset));
}
