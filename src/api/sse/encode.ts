/**
 * One server-sent event. `data` is JSON, so it holds no line break and needs no further escaping.
 *
 * @param data any JSON value
 * @param event the event's name; output chunks have none
 */
export function encodeEvent(data: unknown, event?: string): string {
  const head = event === undefined ? '' : `event: ${event}\n`;
  return `${head}data: ${JSON.stringify(data)}\n\n`;
}

/** A comment: keeps a silent connection alive and is seen by no consumer. */
export const HEARTBEAT = ': keep-alive\n\n';
