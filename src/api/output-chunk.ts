/** One event of `stream_stdout_updates` and `stream_stderr_updates`. */
export interface OutputChunk {
  readonly output: string;
  /** In bytes of UTF-8. What the service means by it is unproven; the embedded devbox means the chunk's start. */
  readonly offset: number | undefined;
}

/**
 * Reads an event's data. Checked by hand: there may be a million of them, and a schema takes longer over one than
 * JSON.parse does.
 *
 * @returns undefined for what is no chunk
 */
export function readOutputChunk(data: string): OutputChunk | undefined {
  const chunk = parseJson(data);
  if (typeof chunk !== 'object' || chunk === null || !('output' in chunk)) return undefined;
  const { output } = chunk;
  const offset = 'offset' in chunk ? (chunk.offset ?? undefined) : undefined;
  if (typeof output !== 'string') return undefined;
  if (offset === undefined) return { output, offset };
  return typeof offset === 'number' && Number.isSafeInteger(offset) && offset >= 0
    ? { output, offset }
    : undefined;
}

function parseJson(data: string): unknown {
  try {
    return JSON.parse(data);
  } catch {
    // What is no JSON is no chunk; the caller says what that means.
    return undefined;
  }
}
