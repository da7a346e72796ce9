import { z } from 'zod';

/**
 * Extension: `GET /nsh/v1/devboxes/{id}/executions/{e}/output/{stdout|stderr}?offset=N` answers with the stream's
 * raw bytes (`application/octet-stream`, chunked, live), because text in JSON cannot carry bytes that are not
 * UTF-8. A body that ends cleanly ended with the stream; a body that is cut is resumed from the next byte needed.
 */

/** Header of the answer: the offset of the body's first byte. Greater than asked when older bytes were trimmed. */
export const OUTPUT_OFFSET_HEADER = 'nsh-offset';

/** Name of the capability in `GET /nsh/v1/server`. */
export const RAW_OUTPUT_CAPABILITY = 'raw_output';

/**
 * Extension: the name of an event in `stream_stdout_updates` and `stream_stderr_updates` where bytes are missing,
 * because the oldest of a long output were dropped.
 */
export const OUTPUT_GAP_EVENT = 'gap';

/**
 * The data of that event. `output` and `offset` make it an empty chunk: the official clients take every event but
 * `error` for a chunk, whatever its name, and would append "undefined".
 */
export const outputGap = z.looseObject({
  output: z.literal(''),
  /** Where the next chunk starts; as `to`. */
  offset: z.number().int(),
  /** The first byte that is missing, and the first one that is there again. */
  from: z.number().int(),
  to: z.number().int(),
});
export type OutputGap = z.infer<typeof outputGap>;

/** In a view, under `nsh`: how much of an output is no longer held. */
export const outputTrimDetail = z.looseObject({
  /** Bytes dropped from the stream's beginning; unset while there are none. */
  stdout_trimmed_bytes: z.number().optional(),
  stderr_trimmed_bytes: z.number().optional(),
  /** Why the disk could not take the output, for people: from then on only the newest part of it is held. */
  output_failure: z.string().optional(),
});
export type OutputTrimDetail = z.infer<typeof outputTrimDetail>;
