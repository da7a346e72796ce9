import type { Listening } from './listen.ts';

/** How long answers that are under way may take to reach their clients, ms. */
const GRACE_MS = 1_000;
const LOOK_EVERY_MS = 20;

export interface Connections {
  /** Waits until every answer has been sent, at most `GRACE_MS`, then cuts what is left. */
  finish(): Promise<void>;
}

/** Takes no more connections; those there are live until `finish`. Removes a Unix socket's file. */
export function stopAccepting({ server, http2 }: Listening): Connections {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  return {
    async finish() {
      server.closeIdleConnections();
      http2.close();
      // A connection becomes idle after its answer, and is then kept open for a next request that must not come.
      const looking = setInterval(() => server.closeIdleConnections(), LOOK_EVERY_MS);
      const cutting = setTimeout(() => {
        server.closeAllConnections();
        http2.destroy();
      }, GRACE_MS);
      await closed;
      clearInterval(looking);
      clearTimeout(cutting);
    },
  };
}
