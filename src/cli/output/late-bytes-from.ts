import type { OutputStreamName } from '../../api/execution.ts';
import type { Execution } from '../../sdk/execution.ts';
import type { OutputStreamOptions } from '../../sdk/output/output-bytes.ts';

/** Stands for what of a line was left out. */
const CUT = Buffer.from('…');

/**
 * Late output without its first bytes, which the mark … stands for. They are fetched and dropped: the
 * route is the embedded devbox's, on this machine.
 */
export async function* lateBytesFrom(
  execution: Execution,
  stream: OutputStreamName,
  from: number,
  options: OutputStreamOptions,
): AsyncGenerator<Uint8Array> {
  let at = 0;
  let cut = from > 0;
  const onGap: OutputStreamOptions['onGap'] = (gap) => {
    at = gap.to;
    // What is missing of what is left out anyway is no news.
    return gap.to > from ? options.onGap?.(gap) : undefined;
  };
  for await (const chunk of execution.lateBytes(stream, { ...options, onGap })) {
    let bytes = chunk.subarray(Math.min(chunk.length, Math.max(0, from - at)));
    at += chunk.length;
    if (cut && bytes.length > 0) {
      const begin = bytes.findIndex((byte) => (byte & 0xc0) !== 0x80);
      bytes = begin < 0 ? bytes.subarray(bytes.length) : Buffer.concat([CUT, bytes.subarray(begin)]);
      cut = begin < 0;
    }
    if (bytes.length > 0) yield bytes;
  }
}
