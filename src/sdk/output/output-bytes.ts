import type { Link } from '../http/link.ts';
import type { RequestOptions } from '../options.ts';
import { openScope } from '../scope.ts';
import { followOutput } from './follow-output.ts';
import type { OutputTarget } from './output-source.ts';

/**
 * A stream's bytes, pulled: while the consumer is busy nothing is read, and the network slows the sender.
 * Leaving the loop, or the signal, closes the connection.
 */
export async function* outputBytes(
  link: Link,
  target: OutputTarget,
  options?: Pick<RequestOptions, 'signal'>,
): AsyncGenerator<Uint8Array> {
  const scope = openScope(link.transport.closed, options, 'The output');
  const encoder = new TextEncoder();
  try {
    for await (const data of followOutput(link, target, scope.signal)) {
      yield typeof data === 'string' ? encoder.encode(data) : data;
    }
  } finally {
    scope.release();
  }
}
