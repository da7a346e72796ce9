import { RAW_OUTPUT_CAPABILITY } from '../../api/extension/output.ts';
import type { Link } from '../http/link.ts';
import { isDrained } from './drained.ts';
import { readEvents } from './event-connection.ts';
import { OffsetReading } from './offset-reading.ts';
import { type OutputPiece, type OutputTarget, type Position, streamStart } from './output-source.ts';
import { overConnections } from './over-connections.ts';
import { readRaw } from './raw-connection.ts';

/**
 * The whole of one output stream from byte 0, each byte once, over as many connections as it takes: resumed from the
 * next byte needed after whatever ended one. What the server no longer holds comes as a range of bytes. When it ends and
 * what it throws: see `overConnections`.
 *
 * @param position where it goes on
 */
export function followOutput(
  link: Link,
  target: OutputTarget,
  signal: AbortSignal,
  position: Position = streamStart(),
): AsyncGenerator<OutputPiece, unknown> {
  const { stream, late, ...execution } = target;
  const reading = new OffsetReading();
  const connect = async () => {
    if (late || (await link.engine.offers(RAW_OUTPUT_CAPABILITY, link, signal))) {
      return { pieces: readRaw(link, target, position, signal), cleanEnd: late ? 'whole' : 'end' } as const;
    }
    return { pieces: readEvents(link, target, position, reading, signal), cleanEnd: 'nothing' } as const;
  };
  return overConnections(
    link,
    {
      ...execution,
      name: stream,
      length: () => position.next,
      connect,
      isDrained: (view) => isDrained(view, stream, position),
      stated: (view) => view.nsh?.[`${stream}_bytes`],
    },
    signal,
  );
}
