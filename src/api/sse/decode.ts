import { createParser } from 'eventsource-parser';

export interface ServerSentEvent {
  /** The event's name; unset for plain chunks. */
  readonly event: string | undefined;
  readonly data: string;
}

export interface EventDecoder {
  /** Takes the next bytes of the body, cut anywhere, also inside a UTF-8 sequence. */
  feed(bytes: Uint8Array): ServerSentEvent[];
}

/**
 * Decodes a body of server-sent events. An event that the body ended inside of is never handed out: the consumer
 * resumes from the last whole one.
 */
export function createEventDecoder(): EventDecoder {
  const text = new TextDecoder();
  let events: ServerSentEvent[] = [];
  const parser = createParser({
    onEvent: ({ event, data }) => events.push({ event, data }),
  });
  return {
    feed(bytes) {
      parser.feed(text.decode(bytes, { stream: true }));
      const decoded = events;
      events = [];
      return decoded;
    },
  };
}
