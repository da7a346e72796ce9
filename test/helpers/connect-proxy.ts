import { once } from 'node:events';
import http from 'node:http';
import net, { type AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';

export interface ConnectProxy extends AsyncDisposable {
  readonly port: number;
  /** What was asked of it: `CONNECT service.test:443`, or the method and the whole address. */
  readonly requests: readonly string[];
  /** The `proxy-authorization` of each. */
  readonly authorizations: readonly (string | undefined)[];
}

export interface ConnectProxyOptions {
  /** The port of this machine behind every name. */
  readonly port: number;
  /** The status of the n-th answer; undefined: it lets it through. */
  readonly refuse?: (index: number) => number | undefined;
}

/** A real forward proxy: tunnels for CONNECT, requests by their whole address for the rest. */
export async function startConnectProxy({ port, refuse }: ConnectProxyOptions): Promise<ConnectProxy> {
  const requests: string[] = [];
  const authorizations: (string | undefined)[] = [];
  const open = new Set<Duplex>();
  const note = (request: http.IncomingMessage): number | undefined => {
    requests.push(`${request.method} ${request.url}`);
    authorizations.push(request.headers['proxy-authorization']);
    return refuse?.(requests.length - 1);
  };
  const server = http.createServer((request, response) => {
    const status = note(request);
    if (status !== undefined) {
      response.writeHead(status).end();
      return;
    }
    const { pathname, search } = new URL(request.url ?? '');
    const { method, headers } = request;
    const behind = http.request(
      { host: '127.0.0.1', port, method, path: pathname + search, headers },
      (answer) => {
        response.writeHead(answer.statusCode ?? 500, answer.headers);
        answer.pipe(response);
      },
    );
    request.pipe(behind);
  });
  server.on('connect', (request, socket) => {
    const status = note(request);
    if (status !== undefined) {
      socket.end(`HTTP/1.1 ${status} ${http.STATUS_CODES[status]}\r\ncontent-length: 0\r\n\r\n`);
      return;
    }
    const behind = net.connect(port, '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
      socket.pipe(behind).pipe(socket);
    });
    for (const end of [socket, behind]) {
      open.add(end);
      end.on('error', () => undefined);
      end.on('close', () => {
        open.delete(end);
        socket.destroy();
        behind.destroy();
      });
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    requests,
    authorizations,
    async [Symbol.asyncDispose]() {
      for (const end of open) end.destroy();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
