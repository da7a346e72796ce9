import type { ShellEvent } from '../../../api/extension/shell-event.ts';
import { encodeEvent } from '../../../api/sse/encode.ts';
import type { Devbox } from '../../model/devbox/devbox.ts';
import { checkShellName } from '../../model/shell/shell-name.ts';
import { shellView } from '../../model/shell/shell-view.ts';
import type { BodyWriter } from '../body-writer.ts';
import { type Call, devboxOf, type Handler, parameter, wholeNumber, wholeNumberOf } from '../context.ts';
import { eventBody } from '../event-body.ts';
import { live } from '../live.ts';

/** `…/shells/{name}/events`. The shell need not exist yet: whoever watches first misses nothing. */
export const shellEvents: Handler = (service, call) =>
  watch(devboxOf(service, call), call, checkShellName(parameter(call, 'name')));

/** `…/devboxes/{id}/events`: of all its shells. */
export const devboxEvents: Handler = (service, call) => watch(devboxOf(service, call), call, undefined);

function watch(devbox: Devbox, call: Call, shellName: string | undefined): Response {
  const after = lastSeen(call);
  const body = eventBody(call.env.outgoing);
  return live(call, body, () => sendShellEvents(devbox, shellName, after, body));
}

/** The number of the last event that the client has had. */
function lastSeen(call: Call): number | undefined {
  const name = 'last-event-id';
  const header = call.req.header(name);
  if (header !== undefined && header !== '') return wholeNumberOf(header, `The header ${name}`);
  const fromQuery = wholeNumber(call, 'after', -1);
  return fromQuery === -1 ? undefined : fromQuery;
}

async function sendShellEvents(
  devbox: Devbox,
  shellName: string | undefined,
  after: number | undefined,
  body: BodyWriter,
): Promise<void> {
  const log = devbox.events;
  let seq = after;
  while (!body.gone.aborted) {
    const batch = seq === undefined ? 'missed' : log.after(seq, shellName);
    if (batch === 'missed') {
      const missed = seq !== undefined;
      // Number and state are taken in the same turn: what follows is exactly what the state has not.
      seq = log.seq;
      await body.write(snapshot(devbox, shellName, missed));
    } else if (batch.text !== '') {
      seq = batch.seq;
      await body.write(batch.text);
    } else if (log.ended) {
      break;
    } else {
      seq = await log.next(shellName, body.gone);
    }
  }
  body.end();
}

function snapshot(devbox: Devbox, shellName: string | undefined, missed: boolean): string {
  const shells = devbox.shells().filter((shell) => shellName === undefined || shell.name === shellName);
  const event: ShellEvent = {
    type: 'snapshot',
    seq: devbox.events.seq,
    time_ms: Date.now(),
    devbox_id: devbox.id,
    ...(shellName === undefined ? {} : { shell_name: shellName }),
    shells: shells.map((shell) => shellView(devbox.id, shell)),
    missed,
  };
  return `id: ${event.seq}\n${encodeEvent(event)}`;
}
