import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response';
import type { BodyWriter } from './body-writer.ts';
import type { Call } from './context.ts';

/**
 * Answers with a body that is sent as it comes.
 *
 * @param send writes it and ends it
 */
export function live(call: Call, body: BodyWriter, send: () => Promise<void>): Response {
  if (call.env.incoming.method === 'HEAD') body.end();
  // The answer has begun, so all that can be told of trouble now is that it is not whole: the client resumes.
  else send().catch(() => body.cut());
  return RESPONSE_ALREADY_SENT;
}
