import { z } from 'zod';

/** Name of the capability in `GET /nsh/v1/server`. */
export const CANCEL_QUEUED_CAPABILITY = 'cancel_queued';

/**
 * Extension: a field of the body of `kill`. With `true` only a command that has not begun is taken out of its queue; one that
 * runs or has ended is left alone. The view that answers says which it was: `nsh.end_reason` is `cancelled`, or not.
 */
export const onlyQueuedField = { only_queued: z.boolean().nullish() };
