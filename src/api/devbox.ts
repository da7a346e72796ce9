import { z } from 'zod';

/** Devboxes on the wire. Source: the official client's `resources/devboxes/devboxes` types. */
export const devboxStatus = z.enum([
  'scheduled',
  'queued',
  'provisioning',
  'initializing',
  'running',
  'suspending',
  'suspended',
  'resuming',
  'failure',
  'shutdown',
]);
/** Where a devbox is in its life. */
export type DevboxStatus = z.infer<typeof devboxStatus>;

export const devboxView = z.looseObject({
  id: z.string(),
  name: z.string().nullish(),
  status: devboxStatus,
  capabilities: z.array(z.string()),
  /** Unix time, ms. */
  create_time_ms: z.number(),
  /** Unix time, ms; null while the devbox lives. */
  end_time_ms: z.number().nullish(),
  launch_parameters: z.looseObject({}),
  metadata: z.record(z.string(), z.string()),
  state_transitions: z.array(
    z.looseObject({ status: devboxStatus.optional(), transition_time_ms: z.unknown() }),
  ),
  failure_reason: z.string().nullish(),
  shutdown_reason: z.string().nullish(),
});
/** A devbox as the server tells of it. Source: the official client's `DevboxView`; unknown fields pass through. */
export type DevboxView = z.infer<typeof devboxView>;

/** Most devboxes in one page of the list. */
export const MAX_LIST_LIMIT = 5000;
export const DEFAULT_LIST_LIMIT = 20;

export const devboxListView = z.looseObject({
  devboxes: z.array(devboxView),
  has_more: z.boolean(),
  total_count: z.number().nullish(),
});
export type DevboxListView = z.infer<typeof devboxListView>;

/** Unknown keys are accepted here and answered by the server: it says which of them it does not offer. */
export const createDevboxBody = z.looseObject({
  name: z.string().nullish(),
  metadata: z.record(z.string(), z.string()).nullish(),
  environment_variables: z.record(z.string(), z.string()).nullish(),
  launch_parameters: z.looseObject({}).nullish(),
});
export type CreateDevboxBody = z.input<typeof createDevboxBody>;

/** What is left out stays as it is; an empty name or an empty map clears. */
export const updateDevboxBody = z.object({
  name: z.string().nullish(),
  metadata: z.record(z.string(), z.string()).nullish(),
});

/** Longest hold of a devbox's `wait_for_status`, seconds. Source: both official clients; the one of Python asks for it. */
export const MAX_DEVBOX_HOLD_SECONDS = 30;

export const waitForDevboxBody = z.object({
  statuses: z.array(devboxStatus).min(1),
  /** Above the longest hold it means that. */
  timeout_seconds: z.number().min(0).nullish(),
});
export type WaitForDevboxBody = z.input<typeof waitForDevboxBody>;
