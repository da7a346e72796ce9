import type { OutputStreamName } from '../../../src/api/execution.ts';
import { routes } from '../../../src/api/routes.ts';
import type { TestDevbox } from '../../helpers/devbox-server.ts';
import { get } from './raw-client.ts';

export interface Chunk {
  readonly output: string;
  readonly offset: number;
}

/** A whole output stream, read to its end. */
export async function streamChunks(
  devbox: TestDevbox,
  executionId: string,
  stream: OutputStreamName,
  offset?: number,
): Promise<Chunk[]> {
  const query = offset === undefined ? '' : `?offset=${offset}`;
  const answer = await get(devbox, routes.stream('local', executionId, stream) + query);
  return parseEvents(answer.bytes.toString());
}

/** Events as they are written by this server: one line of data, then a blank line. */
export function parseEvents(body: string): Chunk[] {
  return body
    .split('\n\n')
    .filter((event) => event !== '' && !event.startsWith(':'))
    .map((event) => JSON.parse(event.replace(/^data: /, '')));
}
