import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { isWorkload, WORKLOADS, type Workload } from './workload.ts';

/** What the server writes at once, bytes. */
const BLOCK = 64 * 1024;

/**
 * A server with one kind of command: the name of a workload, which is also the execution's id. It costs next to
 * nothing for a byte that it sends, so that what is measured is the reader. Run as a child: it tells its port.
 */
const server = http.createServer(async (request, response) => {
  const url = new URL(request.url ?? '/', 'http://server');
  const parts = url.pathname.split('/').map(decodeURIComponent);
  request.resume();
  if (parts.at(-1) === 'execute' || parts.at(-1) === 'execute_async') {
    const body = Buffer.concat(await Array.fromAsync(request)).toString();
    return json(response, view(JSON.parse(body).command));
  }
  const [, version, , devbox, executions, id, call] = parts;
  if (version !== 'v1' || devbox !== 'd' || executions !== 'executions' || !isWorkload(id)) {
    return json(response, { message: 'no such route' }, 404);
  }
  if (call === undefined || call === 'wait_for_status') return json(response, view(id));
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  const workload: Workload = WORKLOADS[id];
  // Whoever asks to go on has all, but for a few bytes that it asks for again.
  const isFirst = Number(url.searchParams.get('offset') ?? 0) === 0;
  const events = call === 'stream_stdout_updates' && isFirst ? eventsOf(workload) : [];
  Readable.from(events).pipe(response);
});

function view(id: string) {
  return {
    devbox_id: 'd',
    execution_id: id,
    status: 'completed',
    exit_status: 0,
    stdout: '',
    stderr: '',
    stdout_truncated: true,
  };
}

function json(response: http.ServerResponse, body: unknown, status = 200): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

function* eventsOf({ events, text }: Workload): Generator<Buffer> {
  const bytes = Buffer.byteLength(text);
  const head = `data: {"output":${JSON.stringify(text)},"offset":`;
  const perBlock = Math.max(1, Math.floor(BLOCK / head.length));
  for (let first = 0; first < events; first += perBlock) {
    let block = '';
    for (let index = first; index < Math.min(first + perBlock, events); index++) {
      block += `${head}${index * bytes}}\n\n`;
    }
    yield Buffer.from(block);
  }
}

server.listen(0, '127.0.0.1', () => process.send?.((server.address() as AddressInfo).port));
process.once('disconnect', () => process.exit());
