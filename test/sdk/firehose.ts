import { once } from 'node:events';
import { expect } from 'vitest';
import type { Behaviour } from '../helpers/misbehaving-server.ts';

/** Bytes without end on the raw route, at the pace of their reader. */
export function openFirehose(): { sent: { bytes: number }; firehose: Behaviour } {
  const sent = { bytes: 0 };
  const firehose: Behaviour = async (response) => {
    response.writeHead(200, { 'content-type': 'application/octet-stream', 'nsh-offset': '0' });
    const block = Buffer.alloc(64 * 1024, 'x');
    const gone = once(response, 'close');
    while (!response.destroyed) {
      if (!response.write(block)) await Promise.race([once(response, 'drain'), gone]);
      sent.bytes += block.length;
    }
  };
  return { sent, firehose };
}

/** When nothing more is sent: two looks apart, with turns of the event loop between, show the same. */
export async function standstill(sent: { readonly bytes: number }): Promise<void> {
  let before = -1;
  await expect
    .poll(
      () => {
        const still = sent.bytes === before;
        before = sent.bytes;
        return still;
      },
      { interval: 100 },
    )
    .toBe(true);
}
