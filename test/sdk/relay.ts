import { once } from 'node:events';
import http from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Relay extends AsyncDisposable {
  readonly url: string;
  /** How many answers were cut. */
  readonly cuts: number;
  /** How many answers were dropped. */
  readonly dropped: number;
}

export interface RelayOptions {
  /** False: extension routes get 404, so that the embedded devbox looks like the service. */
  readonly extensions: boolean;
  /** Cuts an answer's connection after so many bytes of its body: more than one event, or nothing gets through. */
  readonly cutAfter: number;
  /** Answers in place of the server. True: it did. */
  readonly answer?: (request: http.IncomingMessage, response: http.ServerResponse) => boolean;
  /** Takes so many requests whose path ends so to the server, and drops the answers. */
  readonly dropAnswers?: { readonly of: string; readonly count: number };
}

/** A bad road in front of a real server: passes requests on to its socket, and cuts long answers. */
export async function startRelay(
  socketPath: string,
  { extensions, cutAfter, answer: answerFirst, dropAnswers }: RelayOptions,
): Promise<Relay> {
  let cuts = 0;
  let dropped = 0;
  const server = http.createServer((request, response) => {
    if (answerFirst?.(request, response)) return;
    if (!extensions && request.url?.startsWith('/nsh/')) {
      response.writeHead(404, { 'content-type': 'application/json' }).end('{"message":"no such route"}');
      return;
    }
    const { url: path, method, headers } = request;
    const onward = http.request({ socketPath, path, method, headers }, (answer) => {
      if (dropAnswers && path?.endsWith(dropAnswers.of) && dropped < dropAnswers.count) {
        dropped += 1;
        response.destroy();
        return;
      }
      response.writeHead(answer.statusCode ?? 500, answer.headers);
      response.flushHeaders();
      let left = cutAfter;
      answer.on('data', (chunk: Buffer) => {
        if (left === 0) return;
        const passed = chunk.subarray(0, left);
        left -= passed.length;
        response.write(passed, () => {
          if (left > 0 || response.destroyed) return;
          cuts += 1;
          response.destroy();
        });
      });
      answer.on('end', () => {
        if (left > 0) response.end();
      });
    });
    onward.on('error', () => response.destroy());
    response.on('close', () => onward.destroy());
    request.pipe(onward);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    get cuts() {
      return cuts;
    },
    get dropped() {
      return dropped;
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
