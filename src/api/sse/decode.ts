import { createParser } from 'eventsource-parser';

export interface ServerSentEvent {
  /** The event's name; unset for plain chunks. */
  readonly event: string | undefined;
  readonly data: string;
}

export interface EventDecoder {
  /** Takes the next bytes of the body, cut anywhere, also inside a UTF-8 sequence. */
  feed(bytes: Uint8Array): ServerSentEvent[];
  /**
   * Whether the events of the latest `feed` hold nothing but ASCII, also in the strings of their JSON: then a string's
   * length is its length as UTF-8, which costs more than all else about a short event to ask for.
   */
  readonly isAscii: boolean;
}

/** How JSON writes what need not be ASCII. */
const ESCAPED = '\\u';

/**
 * Decodes a body of server-sent events. An event that the body ended inside of is never handed out: the consumer
 * resumes from the last whole one.
 */
export function createEventDecoder(): EventDecoder {
  const utf8 = new TextDecoder();
  let events: ServerSentEvent[] = [];
  let isAscii = true;
  /** Of what came of an event that has not ended yet. A character cut between two reads is seen in the first of them. */
  let isBegunAscii = true;
  const parser = createParser({
    onEvent: ({ event, data }) => events.push({ event, data }),
  });
  return {
    feed(bytes) {
      const text = utf8.decode(bytes, { stream: true });
      parser.feed(text);
      const decoded = events;
      events = [];
      const isReadAscii = text.length === bytes.byteLength && !text.includes(ESCAPED);
      isAscii = isBegunAscii && isReadAscii;
      isBegunAscii = decoded.length > 0 ? isReadAscii : isAscii;
      return decoded;
    },
    get isAscii() {
      return isAscii;
    },
  };
}
