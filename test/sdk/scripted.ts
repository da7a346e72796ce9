import { onTestFinished } from 'vitest';
import { DevboxClient, type DevboxClientOptions } from '../../src/sdk/client.ts';
import type { NamedShell } from '../../src/sdk/named-shell.ts';
import { MisbehavingServer } from '../helpers/misbehaving-server.ts';

export const TOKEN = 'secret-key-0123456789';

export interface Scripted {
  readonly server: MisbehavingServer;
  readonly client: DevboxClient;
  readonly shell: NamedShell;
}

/** A scripted server and a client of it; both end with the test. */
export async function scripted(options: DevboxClientOptions = {}): Promise<Scripted> {
  const server = await MisbehavingServer.start();
  const client = new DevboxClient({ baseURL: server.url, bearerToken: TOKEN, ...options });
  onTestFinished(async () => {
    await client.close();
    await server.close();
  });
  return { server, client, shell: client.devbox.fromId('d').shell('main') };
}
