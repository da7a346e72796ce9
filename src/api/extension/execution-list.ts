import { z } from 'zod';
import { executionView } from '../execution.ts';

/**
 * Extension: `GET /nsh/v1/devboxes/{id}/executions?shell_name=&status=&limit=` lists executions without their output, in
 * the order in which they were accepted. `status` is one or more of `queued,running,completed`; of more than `limit`
 * (default 100) the newest are listed.
 */

/** Name of the capability in `GET /nsh/v1/server`. */
export const EXECUTIONS_CAPABILITY = 'executions';

export const DEFAULT_EXECUTIONS_LIMIT = 100;

export const executionListView = z.looseObject({ executions: z.array(executionView) });
export type ExecutionListView = z.infer<typeof executionListView>;
