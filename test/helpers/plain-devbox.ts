import { createServer, type IncomingMessage, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { TestDevbox } from './devbox-server.ts';

export interface PlainDevbox extends AsyncDisposable {
  readonly url: string;
}

/** A devbox without any extension, as the service is: one over TCP, seen through a proxy that leaves them out. */
export async function startPlainDevbox({ server }: TestDevbox): Promise<PlainDevbox> {
  const proxy = createServer((incoming, answer) => {
    if (incoming.url?.startsWith('/nsh/')) {
      answer.writeHead(404, { 'content-type': 'application/json' }).end('{"message":"Not found"}');
      return;
    }
    const { method, headers, url } = incoming;
    const onward = request(new URL(url ?? '/', server.url), { method, headers }, async (from) => {
      const { 'content-length': _length, ...rest } = from.headers;
      answer.writeHead(from.statusCode ?? 502, rest);
      if (rest['content-type']?.startsWith('application/json')) answer.end(await withoutExtensions(from));
      else from.pipe(answer);
    });
    onward.on('error', () => answer.destroy());
    answer.on('close', () => onward.destroy());
    incoming.pipe(onward);
  });
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`,
    async [Symbol.asyncDispose]() {
      proxy.closeAllConnections();
      await new Promise((resolve) => proxy.close(resolve));
    },
  };
}

async function withoutExtensions(from: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of from) parts.push(part as Buffer);
  const { nsh: _extensions, ...plain } = JSON.parse(Buffer.concat(parts).toString());
  return JSON.stringify(plain);
}
