import type { OutputStreamName } from '../../../api/execution.ts';
import { OUTPUT_GAP_EVENT, OUTPUT_OFFSET_HEADER, type OutputGap } from '../../../api/extension/output.ts';
import { encodeEvent } from '../../../api/sse/encode.ts';
import { Refusal } from '../../model/refusal.ts';
import { follow, type OutputSource } from '../../output/follow.ts';
import { outputEvent } from '../../output/output-events.ts';
import { type TextPiece, TextPieces } from '../../output/text-pieces.ts';
import { BodyWriter } from '../body-writer.ts';
import { type Call, executionOf, type Handler, parameter, wholeNumber } from '../context.ts';
import { eventBody } from '../event-body.ts';
import { live } from '../live.ts';

/** `stream_stdout_updates` and `stream_stderr_updates`: text in server-sent events. */
export const streamUpdates =
  (name: OutputStreamName): Handler =>
  (service, call) => {
    const spool = executionOf(service, call)[name];
    const offset = wholeNumber(call, 'offset', 0);
    const body = eventBody(call.env.outgoing);
    return live(call, body, () => sendEvents(spool, offset, body));
  };

/** The extension `output/{stdout|stderr}`: the bytes themselves. */
export const rawOutput: Handler = (service, call) => {
  const source = executionOf(service, call)[streamName(call)];
  const { body, offset } = rawBody(call, source);
  return live(call, body, () => sendBytes(source, offset, body));
};

/** The extension `late/{stdout|stderr}`: what background jobs wrote after the command's end. */
export const lateOutput: Handler = (service, call) => {
  const execution = executionOf(service, call);
  const source = execution.late.stream(streamName(call));
  const { body, offset } = rawBody(call, source);
  return live(call, body, async () => {
    // Before it runs there is no bash whose end could end the stream.
    await execution.whenStatus(['running', 'completed'], Number.POSITIVE_INFINITY, body.gone);
    await sendBytes(source, offset, body);
  });
};

function streamName(call: Call): OutputStreamName {
  const name = parameter(call, 'stream');
  if (name === 'stdout' || name === 'stderr') return name;
  throw new Refusal(404, 'stream_not_found', `There is no stream ${name}. Ask for stdout or stderr.`);
}

function rawBody(call: Call, source: OutputSource): { body: BodyWriter; offset: number } {
  const offset = Math.max(wholeNumber(call, 'offset', 0), source.start);
  const body = new BodyWriter(call.env.outgoing, {
    'content-type': 'application/octet-stream',
    [OUTPUT_OFFSET_HEADER]: String(offset),
  });
  return { body, offset };
}

async function sendEvents(source: OutputSource, offset: number, body: BodyWriter): Promise<void> {
  const text = new TextPieces();
  for await (const piece of follow(source, { offset, signal: body.gone })) {
    if (piece.kind === 'gap') {
      const { from, to } = piece;
      for (const held of text.end()) await sendText(held, body);
      const gap: OutputGap = { output: '', offset: to, from, to };
      await body.write(encodeEvent(gap, OUTPUT_GAP_EVENT));
      continue;
    }
    for (const part of text.take(piece.offset, piece.bytes)) await sendText(part, body);
  }
  for (const held of text.end()) await sendText(held, body);
  body.end();
}

async function sendText({ bytes, offset }: TextPiece, body: BodyWriter): Promise<void> {
  for (let done = 0; done < bytes.length; ) {
    const event = outputEvent(bytes.subarray(done), offset + done);
    await body.write(event.bytes, event.sent);
    done += event.taken;
  }
}

async function sendBytes(source: OutputSource, offset: number, body: BodyWriter): Promise<void> {
  let next = offset;
  for await (const piece of follow(source, { offset, signal: body.gone })) {
    // Older bytes were trimmed away from under a slow reader: a gap inside a raw body could not be seen.
    if (piece.kind === 'gap') return body.cut();
    next += piece.bytes.byteLength;
    // The piece's bytes are used again: not before the system has them.
    await body.send(piece.bytes);
  }
  // Dropped with its execution while it was read: what came is not the whole.
  if (next < source.size) body.cut();
  else body.end();
}
