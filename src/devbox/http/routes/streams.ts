import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response';
import type { OutputStreamName } from '../../../api/execution.ts';
import { OUTPUT_OFFSET_HEADER } from '../../../api/extension/output.ts';
import { encodeEvent, HEARTBEAT } from '../../../api/sse/encode.ts';
import type { Spool } from '../../engine/spool.ts';
import { Refusal } from '../../model/refusal.ts';
import { follow } from '../../output/follow.ts';
import { TextPieces } from '../../output/text-pieces.ts';
import { BodyWriter } from '../body-writer.ts';
import { executionOf, type Handler, parameter, wholeNumber } from '../context.ts';

/** How often a silent stream shows that it lives, ms: well below what proxies and clients take for dead. */
const HEARTBEAT_MS = 15_000;

/** `stream_stdout_updates` and `stream_stderr_updates`: text in server-sent events. */
export const streamUpdates =
  (name: OutputStreamName): Handler =>
  (service, call) => {
    const spool = executionOf(service, call).spool(name);
    const offset = wholeNumber(call, 'offset', 0);
    const body = new BodyWriter(call.env.outgoing, { 'content-type': 'text/event-stream' });
    return live(call.env.incoming.method, body, () => sendEvents(spool, offset, body));
  };

/** The extension `output/{stdout|stderr}`: the bytes themselves. */
export const rawOutput: Handler = (service, call) => {
  const name = parameter(call, 'stream');
  if (name !== 'stdout' && name !== 'stderr') {
    throw new Refusal(404, 'stream_not_found', `There is no stream ${name}. Ask for stdout or stderr.`);
  }
  const spool = executionOf(service, call).spool(name);
  const offset = Math.max(wholeNumber(call, 'offset', 0), spool.start);
  const body = new BodyWriter(call.env.outgoing, {
    'content-type': 'application/octet-stream',
    [OUTPUT_OFFSET_HEADER]: String(offset),
  });
  return live(call.env.incoming.method, body, () => sendBytes(spool, offset, body));
};

function live(method: string | undefined, body: BodyWriter, send: () => Promise<void>): Response {
  if (method === 'HEAD') body.end();
  // The answer has begun, so all that can be told of trouble now is that it is not whole: the client resumes.
  else send().catch(() => body.cut());
  return RESPONSE_ALREADY_SENT;
}

async function sendEvents(spool: Spool, offset: number, body: BodyWriter): Promise<void> {
  const text = new TextPieces();
  for await (const piece of follow(spool, { offset, signal: body.gone, quietMs: HEARTBEAT_MS })) {
    if (piece.kind === 'quiet') {
      await body.write(HEARTBEAT);
      continue;
    }
    for (const chunk of text.take(piece.offset, piece.bytes)) await body.write(encodeEvent(chunk));
  }
  for (const chunk of text.end()) await body.write(encodeEvent(chunk));
  body.end();
}

async function sendBytes(spool: Spool, offset: number, body: BodyWriter): Promise<void> {
  let next = offset;
  for await (const piece of follow(spool, { offset, signal: body.gone, quietMs: HEARTBEAT_MS })) {
    if (piece.kind === 'quiet') continue;
    // Older bytes were trimmed away from under a slow reader: a gap inside a raw body could not be seen.
    if (piece.offset !== next) return body.cut();
    next += piece.bytes.byteLength;
    await body.write(piece.bytes);
  }
  // Dropped with its execution while it was read: what came is not the whole.
  if (next < spool.size) body.cut();
  else body.end();
}
