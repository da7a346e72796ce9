/**
 * Extension: `GET /nsh/v1/devboxes/{id}/executions/{e}/output/{stdout|stderr}?offset=N` answers with the stream's
 * raw bytes (`application/octet-stream`, chunked, live), because text in JSON cannot carry bytes that are not
 * UTF-8. A body that ends cleanly ended with the stream; a body that is cut is resumed from the next byte needed.
 */

/** Header of the answer: the offset of the body's first byte. Greater than asked when older bytes were trimmed. */
export const OUTPUT_OFFSET_HEADER = 'nsh-offset';

/** Name of the capability in `GET /nsh/v1/server`. */
export const RAW_OUTPUT_CAPABILITY = 'raw_output';
