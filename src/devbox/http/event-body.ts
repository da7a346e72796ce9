import type { ServerResponse } from 'node:http';
import { HEARTBEAT } from '../../api/sse/encode.ts';
import { BodyWriter } from './body-writer.ts';
import { heartbeat } from './heartbeat.ts';

/** A body of server-sent events. Events are written whole, so a heartbeat never cuts one in two. */
export function eventBody(outgoing: ServerResponse): BodyWriter {
  const body = new BodyWriter(outgoing, { 'content-type': 'text/event-stream' });
  heartbeat.during(body.gone, () => body.writeIfSilent(HEARTBEAT));
  return body;
}
