import { z } from 'zod';

/**
 * Extension: what background jobs write after their command's end. It changes nothing of the finished result.
 *
 * `GET /nsh/v1/devboxes/{id}/executions/{e}/late/{stdout|stderr}?offset=N` answers with its raw bytes as the route
 * `output` does, live. Offsets count from the first late byte. The body ends when the shell has ended; what jobs
 * that outlived it write then is found by asking again.
 */

/** Name of the capability in `GET /nsh/v1/server`. */
export const LATE_OUTPUT_CAPABILITY = 'late_output';

/** In a view, under `nsh`. */
export const lateOutputDetail = z.looseObject({
  /** Bytes written so far; unset while there are none. */
  late_stdout_bytes: z.number().optional(),
  late_stderr_bytes: z.number().optional(),
});
export type LateOutputDetail = z.infer<typeof lateOutputDetail>;
