/** One event of `stream_stdout_updates` and `stream_stderr_updates`. */
export interface OutputChunk {
  readonly output: string;
  /** In bytes of UTF-8. What the service means by it is unproven; the embedded devbox means the chunk's start. */
  readonly offset?: number | null;
}

/**
 * Reads an event's data. Checked by hand: there may be a million of them, and a schema takes longer over one than
 * JSON.parse does.
 *
 * @returns undefined for what is no chunk
 */
export function readOutputChunk(data: string): OutputChunk | undefined {
  const chunk = parseJson(data) as Partial<OutputChunk> | null | undefined;
  if (typeof chunk?.output !== 'string') return undefined;
  const { offset } = chunk;
  const isByteOffset = offset == null || (Number.isSafeInteger(offset) && offset >= 0);
  return isByteOffset ? (chunk as OutputChunk) : undefined;
}

function parseJson(data: string): unknown {
  try {
    return JSON.parse(data);
  } catch {
    // What is no JSON is no chunk; the caller says what that means.
    return undefined;
  }
}
