import { executionStatus } from '../../../api/execution.ts';
import { DEFAULT_EXECUTIONS_LIMIT, type ExecutionListView } from '../../../api/extension/execution-list.ts';
import type { Execution } from '../../model/execution/execution.ts';
import { executionSummary } from '../../model/execution/execution-view.ts';
import { Refusal } from '../../model/refusal.ts';
import { type Call, devboxOf, type Handler, wholeNumber } from '../context.ts';

/** The newest that fit, oldest first. */
export const listExecutions: Handler = (service, call) => {
  const devbox = devboxOf(service, call);
  const limit = wholeNumber(call, 'limit', DEFAULT_EXECUTIONS_LIMIT, 1);
  const shellName = call.req.query('shell_name');
  const statuses = statusesOf(call);
  const fits = ({ request, status }: Execution) =>
    (shellName === undefined || request.shellName === shellName) &&
    (statuses === undefined || statuses.has(status));
  const found = [...devbox.executions.all()].filter(fits).slice(-limit);
  return call.json({ executions: found.map(executionSummary) } satisfies ExecutionListView);
};

/** @throws Refusal `query_invalid` */
function statusesOf(call: Call): ReadonlySet<string> | undefined {
  const text = call.req.query('status');
  if (text === undefined || text === '') return undefined;
  const statuses = new Set(text.split(','));
  const known = new Set<string>(executionStatus.options);
  const unknown = [...statuses].filter((status) => !known.has(status));
  if (unknown.length === 0) return statuses;
  throw new Refusal(
    400,
    'query_invalid',
    `status in the query is ${text}: ${unknown.join(', ')} is none of ${executionStatus.options.join(', ')}.`,
  );
}
