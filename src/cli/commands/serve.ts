import { randomBytes } from 'node:crypto';
import path from 'node:path';
import { privateDirectory } from '../../devbox/server/private-directory.ts';
import { startServer } from '../../devbox/server/start-server.ts';
import { BUILD, VERSION } from '../../version.ts';
import { CliError } from '../cli-error.ts';
import type { Configuration } from '../configuration.ts';
import { EXIT } from '../exit-status.ts';
import { writeFully } from '../standard-streams.ts';
import { untilSignal } from '../until-signal.ts';

/** @throws CliError with status 64 for what is not `HOST:PORT` */
function parseListen(listen: string): { host: string; port: number } {
  const match = /^(?:\[(?<v6>[^\]]+)\]|(?<name>[^:]+)):(?<port>\d{1,5})$/.exec(listen);
  const host = match?.groups?.v6 ?? match?.groups?.name;
  const port = Number(match?.groups?.port);
  if (host === undefined || port > 65535) {
    throw new CliError(
      EXIT.usage,
      `\`--listen ${listen}\` is not HOST:PORT, such as 127.0.0.1:8080 or [::1]:8080 (port 0 takes a free one). See \`nsh --help\`.`,
    );
  }
  return { host, port };
}

/** `nsh serve`: serves a devbox over TCP until a signal ends it. */
export async function serve({ state }: Configuration, listen: string, json: boolean): Promise<number> {
  const address = parseListen(listen);
  const token = process.env.NSH_TOKEN || randomBytes(32).toString('base64url');
  await privateDirectory(state.path);
  using stopped = untilSignal();
  const server = await startServer({
    listen: address,
    // One server at a time uses a directory, and the local devbox uses the other.
    stateDir: path.join(state.path, 'serve'),
    token,
    version: VERSION,
    build: BUILD,
    signal: stopped.signal,
  });
  const { url } = server;
  if (json) await writeFully(process.stdout, `${JSON.stringify({ url, token })}\n`);
  else {
    await writeFully(
      process.stdout,
      `Serving at ${url}\nToken: ${token}\nAttach with: RUNLOOP_API_KEY=${token} nsh --devbox local --base-url ${url}\n`,
    );
  }
  await server.closed;
  return stopped.exitStatus();
}
