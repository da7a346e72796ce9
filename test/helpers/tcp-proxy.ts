import { once } from 'node:events';
import net, { type AddressInfo, type NetConnectOpts, type Socket } from 'node:net';

/** What becomes of a connection after so many bytes, of both directions together. */
export interface ConnectionFault {
  /** `half-open`: the server's side is gone, and the client's hears nothing of it. */
  readonly kind: 'reset' | 'end' | 'stall' | 'half-open';
  readonly after: number;
}

/** A network between a client and a real server, that breaks connections at any byte. */
export class TcpProxy implements AsyncDisposable {
  readonly #server: net.Server;
  readonly #clients = new Set<Socket>();

  /** @param draw asked once for each connection; undefined: nothing happens to it */
  static async start(to: NetConnectOpts, draw: () => ConnectionFault | undefined): Promise<TcpProxy> {
    const proxy = new TcpProxy(to, draw);
    proxy.#server.listen(0, '127.0.0.1');
    await once(proxy.#server, 'listening');
    return proxy;
  }

  private constructor(to: NetConnectOpts, draw: () => ConnectionFault | undefined) {
    this.#server = net.createServer((client) => {
      this.#clients.add(client);
      client.once('close', () => this.#clients.delete(client));
      join(client, net.connect(to), draw());
    });
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** When no client holds a connection any more. */
  async deserted(): Promise<void> {
    for (const client of this.#clients) if (!client.closed) await once(client, 'close');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const client of this.#clients) client.destroy();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}

function join(client: Socket, server: Socket, fault: ConnectionFault | undefined): void {
  let left = fault?.after ?? Number.POSITIVE_INFINITY;
  let broken = false;
  const breakUp = () => {
    broken = true;
    if (fault?.kind === 'reset') client.resetAndDestroy();
    if (fault?.kind === 'end') client.end();
    if (fault?.kind !== 'stall') server.destroy();
  };
  const pass = (from: Socket, to: Socket) => {
    // What is no longer passed on is still read: only so is the other side's end noticed.
    from.on('data', (bytes) => {
      if (broken) return;
      const passed = bytes.subarray(0, left);
      left -= bytes.length;
      const isFull = passed.length > 0 && !to.write(passed);
      if (left < 0) breakUp();
      else if (isFull) {
        from.pause();
        to.once('drain', () => from.resume());
      }
    });
    from.on('error', () => undefined);
  };
  pass(client, server);
  pass(server, client);
  client.once('close', () => server.destroy());
  server.once('end', () => broken || client.end());
  server.once('close', () => broken || client.destroySoon());
}
