import type { ServerView } from '../api/extension/server.ts';
import { NamedShellError } from './errors.ts';
import type { Link } from './http/link.ts';
import type { RequestOptions } from './options.ts';

/**
 * @param what is being done, for the message: "Closing the shell …"
 * @param lacking says what the server does not do, and what to do instead: "keeps no …"
 * @throws NamedShellError of kind `invalid_request` on the service, and on a server without the capability
 */
export async function requireCapability(
  link: Link,
  capability: string,
  { what, lacking }: { readonly what: string; readonly lacking: string },
  options: RequestOptions | undefined,
): Promise<ServerView> {
  const server = await link.engine.describe(link, options);
  if (server?.capabilities.includes(capability)) return server;
  throw new NamedShellError(
    'invalid_request',
    `${what} failed: the server at ${link.transport.where} ${lacking}`,
  );
}
