import { z } from 'zod';

/** Name of the capability in `GET /nsh/v1/server`. */
export const MERGE_STDERR_CAPABILITY = 'merge_stderr';

/**
 * Extension: a field of the bodies of `execute`, `execute_async` and `execute_sync`. With `true` stderr goes to the
 * same pipe as stdout: one stream, in the exact order in which it was written, and an empty stderr. Without it each
 * stream is exact, but not the order between the two. A view says `nsh.merge_stderr: true`.
 */
export const mergeStderrField = { merge_stderr: z.boolean().nullish() };
