import { type DevboxListView, type DevboxStatus, devboxStatus } from '../../../api/devbox.ts';
import { Refusal } from '../refusal.ts';
import type { Devbox } from './devbox.ts';

export interface ListQuery {
  readonly status?: string;
  readonly limit: number;
  /** Whether to count all that match. */
  readonly isCounted: boolean;
  /** The id of the last devbox of the page before. */
  readonly startingAfter?: string;
}

/**
 * One page of `devboxes`, in their order.
 *
 * @throws Refusal `status_unknown`, `cursor_unknown`
 */
export function listDevboxes(devboxes: readonly Devbox[], query: ListQuery): DevboxListView {
  const status = query.status === undefined ? undefined : parseStatus(query.status);
  const matches = (devbox: Devbox) => status === undefined || devbox.life.status === status;
  // The cursor is looked up among all: its devbox may have left the filter since the page before.
  const rest = devboxes.slice(startAfter(devboxes, query.startingAfter)).filter(matches);
  return {
    devboxes: rest.slice(0, query.limit).map((devbox) => devbox.life.view()),
    has_more: rest.length > query.limit,
    ...(query.isCounted ? { total_count: devboxes.filter(matches).length } : {}),
  };
}

function startAfter(devboxes: readonly Devbox[], cursor: string | undefined): number {
  if (cursor === undefined) return 0;
  const at = devboxes.findIndex((devbox) => devbox.id === cursor);
  if (at !== -1) return at + 1;
  throw new Refusal(
    400,
    'cursor_unknown',
    `starting_after ${JSON.stringify(cursor)} is no devbox here. Give the last id of the page before, or start again without it.`,
  );
}

function parseStatus(status: string): DevboxStatus {
  const parsed = devboxStatus.safeParse(status);
  if (parsed.success) return parsed.data;
  throw new Refusal(
    400,
    'status_unknown',
    `status ${JSON.stringify(status)} is none of ${devboxStatus.options.join(', ')}.`,
  );
}
