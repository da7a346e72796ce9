import { once } from 'node:events';
import http from 'node:http';
import http2 from 'node:http2';
import type { AddressInfo, Socket } from 'node:net';
import tls from 'node:tls';

/** For service.test, localhost and 127.0.0.1; signed by itself. It protects nothing. */
export const TEST_CERTIFICATE = `-----BEGIN CERTIFICATE-----
MIIBrzCCAVWgAwIBAgIUSmdBdrVLi+lQOuqXj4T07aHSFF4wCgYIKoZIzj0EAwIw
FzEVMBMGA1UEAwwMc2VydmljZS50ZXN0MCAXDTI2MTEyNTE2Mjk1OFoYDzIxMjYx
MTAxMTYyOTU4WjAXMRUwEwYDVQQDDAxzZXJ2aWNlLnRlc3QwWTATBgcqhkjOPQIB
BggqhkjOPQMBBwNCAASfiYlepMFBfbiaUJn3rYYieLMBB8y0sh6+HC+2hKcNYex6
ypqwyPM2wj7a8buyGAyITpKDRnFGP0ej8GzgBGVco30wezAdBgNVHQ4EFgQUmzo7
aLPyHIWH+tlB9UlBAhVKZcwwHwYDVR0jBBgwFoAUmzo7aLPyHIWH+tlB9UlBAhVK
ZcwwKAYDVR0RBCEwH4IMc2VydmljZS50ZXN0gglsb2NhbGhvc3SHBH8AAAEwDwYD
VR0TAQH/BAUwAwEB/zAKBggqhkjOPQQDAgNIADBFAiBDg2B9EWlxnHs9FHd9NQRI
fW3b3qhUfTHgER2rauacqAIhAL0PkbrnF1TICN5eUVyxIPz7zPJ3WhO5y+ebTzDA
Xrvj
-----END CERTIFICATE-----
`;
const TEST_KEY = `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgikbVA5DdLKHLBw9L
jwTSfM1jz2hpL/RWkjOBo7NwXa+hRANCAASfiYlepMFBfbiaUJn3rYYieLMBB8y0
sh6+HC+2hKcNYex6ypqwyPM2wj7a8buyGAyITpKDRnFGP0ej8GzgBGVc
-----END PRIVATE KEY-----
`;

/** Makes this process trust the certificate above, as a company's own root would be. */
export function trustTestCertificate(): void {
  tls.setDefaultCACertificates([...tls.getCACertificates('default'), TEST_CERTIFICATE]);
}

export interface TlsServer extends AsyncDisposable {
  readonly port: number;
  /** One line for each request: its HTTP version, method and path. */
  readonly requests: readonly string[];
  /** Connections made so far. */
  readonly connections: number;
}

export interface TlsServerOptions {
  /** Whether it speaks HTTP/2 beside HTTP/1.1. */
  readonly http2: boolean;
  /** Answers in place of the server behind. True: it did. */
  readonly answer?: (request: http2.Http2ServerRequest, response: http2.Http2ServerResponse) => boolean;
  /** The Unix socket to pass requests on to. */
  readonly behind?: string | undefined;
  /** Told of every piece of a body passed on. */
  readonly onPassed?: (bytes: number) => void;
}

/** A TLS server as a load balancer is one: HTTP/2 to the client by ALPN, HTTP/1.1 to the real server behind. */
export async function startTlsServer(options: TlsServerOptions): Promise<TlsServer> {
  const requests: string[] = [];
  const sockets = new Set<Socket>();
  let connections = 0;
  const serve = (request: http2.Http2ServerRequest, response: http2.Http2ServerResponse) => {
    requests.push(`${request.httpVersion} ${request.method} ${request.url}`);
    if (options.answer?.(request, response)) return;
    const { method, url } = request;
    const headers = Object.fromEntries(
      Object.entries(request.headers).filter(([name]) => !name.startsWith(':')),
    );
    const behind = http.request({ socketPath: options.behind, method, path: url, headers }, (answer) => {
      const { connection, 'keep-alive': _, 'transfer-encoding': __, ...passed } = answer.headers;
      response.writeHead(answer.statusCode ?? 500, passed);
      answer.on('data', (chunk: Buffer) => options.onPassed?.(chunk.length));
      answer.pipe(response as unknown as NodeJS.WritableStream);
    });
    behind.on('error', () => response.stream?.destroy());
    response.on('close', () => behind.destroy());
    request.pipe(behind);
  };
  const credentials = { key: TEST_KEY, cert: TEST_CERTIFICATE };
  const server = options.http2
    ? http2.createSecureServer({ ...credentials, allowHTTP1: true }, serve)
    : (await import('node:https')).createServer(credentials, serve as unknown as http.RequestListener);
  server.on('secureConnection', (socket: Socket) => {
    connections += 1;
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.once('close', () => sockets.delete(socket));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    requests,
    get connections() {
      return connections;
    },
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
