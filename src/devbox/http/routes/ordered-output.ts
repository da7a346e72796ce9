import { ORDERED_OUTPUT_TYPE } from '../../../api/extension/ordered-output.ts';
import { BufferPool } from '../../output/buffer-pool.ts';
import { OrderedReader, type OrderedSource } from '../../output/ordered-reader.ts';
import { BodyWriter } from '../body-writer.ts';
import { executionOf, type Handler, wholeNumber } from '../context.ts';
import { live } from '../live.ts';

/** Sent at once: a reader that lags reads from disk, where each read costs some 30 µs beside its bytes. */
const buffers = new BufferPool(128 * 1024);

/** The extension `output`: both streams in the order in which they grew. */
export const orderedOutput: Handler = (service, call) => {
  const source = executionOf(service, call).output;
  const reader = new OrderedReader(source, {
    stdout: wholeNumber(call, 'stdout_offset', 0),
    stderr: wholeNumber(call, 'stderr_offset', 0),
  });
  const body = new BodyWriter(call.env.outgoing, { 'content-type': ORDERED_OUTPUT_TYPE });
  return live(call, body, () => sendFrames(source, reader, body));
};

async function sendFrames(source: OrderedSource, reader: OrderedReader, body: BodyWriter): Promise<void> {
  while (!body.gone.aborted && !reader.isAtEnd) {
    if (reader.hasMore) await sendSome(reader, body);
    else await source.changed(body.gone).catch(unlessGone(body));
  }
  body.end();
}

/** One that waits holds no buffer. */
async function sendSome(reader: OrderedReader, body: BodyWriter): Promise<void> {
  const buffer = buffers.take();
  try {
    const length = await reader.read(buffer);
    // They are used again: not before the system has them.
    if (length > 0) await body.send(buffer.subarray(0, length));
  } finally {
    buffers.give(buffer);
  }
}

const unlessGone = (body: BodyWriter) => (error: unknown) => {
  if (!body.gone.aborted) throw error;
};
