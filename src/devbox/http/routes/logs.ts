import { encodeEvent } from '../../../api/sse/encode.ts';
import type { LogFilter } from '../../model/logs/logs.ts';
import { logsOf } from '../../model/logs/logs.ts';
import { type Call, devboxOf, type Handler } from '../context.ts';
import { eventBody } from '../event-body.ts';
import { live } from '../live.ts';

export const listLogs: Handler = async (service, call) =>
  call.json({ logs: await logsOf(devboxOf(service, call).executions.all(), filterOf(call)) });

/** Server-sent events, one for each line: those there are, then each that comes, until the devbox has ended. */
export const tailLogs: Handler = (service, call) => {
  const { logs, executions } = devboxOf(service, call);
  const filter = filterOf(call);
  const body = eventBody(call.env.outgoing);
  return live(call, body, async () => {
    for await (const entry of logs.tail(executions.all(), filter, body.gone)) {
      await body.write(encodeEvent(entry));
    }
    body.end();
  });
};

function filterOf(call: Call): LogFilter {
  const executionId = call.req.query('execution_id');
  const shellName = call.req.query('shell_name');
  return {
    ...(executionId === undefined ? {} : { executionId }),
    ...(shellName === undefined ? {} : { shellName }),
  };
}
