import { randomBytes } from 'node:crypto';
import { rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { quoteForBash } from '../../devbox/engine/bash/quote-for-bash.ts';
import { isLoopback } from '../../devbox/server/listen-address.ts';
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

export interface ServeOptions {
  /** `HOST:PORT`. */
  readonly listen: string;
  readonly allowRemote: boolean;
  readonly json: boolean;
}

/** `nsh serve`: serves a devbox over TCP until a signal ends it. */
export async function serve(
  { state }: Configuration,
  { listen, allowRemote, json }: ServeOptions,
): Promise<number> {
  const address = parseListen(listen);
  const given = process.env.NSH_TOKEN || undefined;
  const token = given ?? randomBytes(32).toString('base64url');
  await privateDirectory(state.path);
  // One server at a time uses a directory, and the local devbox uses the other.
  const stateDir = path.join(state.path, 'serve');
  using stopped = untilSignal();
  const server = await startServer({
    listen: address,
    stateDir,
    token,
    allowRemote,
    version: VERSION,
    build: BUILD,
    signal: stopped.signal,
  });
  const { url } = server;
  if (!isLoopback(address.host)) await writeFully(process.stderr, warning(url));
  // Only a token that the caller does not know yet needs a place, and a screen or a log is none for it.
  await using file = given === undefined ? await writeToken(stateDir, token) : undefined;
  if (json) await writeFully(process.stdout, `${JSON.stringify({ url, token })}\n`);
  else {
    const key = file === undefined ? '"$NSH_TOKEN"' : `"$(cat ${quoteForBash(file.path)})"`;
    await writeFully(
      process.stdout,
      `Serving at ${url}\nAttach with: RUNLOOP_API_KEY=${key} nsh --devbox local --base-url ${url}\n`,
    );
  }
  await server.closed;
  return stopped.exitStatus();
}

function warning(url: string): string {
  return `nsh: warning: other machines can reach ${url}. Whoever has the token runs commands as you, and the token crosses the network unencrypted with every request: put TLS in front of it, or listen on 127.0.0.1 and use ssh -L.\n`;
}

/** Keeps the token in a file of this user's alone, for as long as the server runs. */
async function writeToken(stateDir: string, token: string): Promise<AsyncDisposable & { path: string }> {
  const file = path.join(stateDir, 'token');
  // What a server left that was killed.
  await rm(file, { force: true });
  await writeFile(file, token, { flag: 'wx', mode: 0o600 });
  return { path: file, [Symbol.asyncDispose]: () => rm(file, { force: true }) };
}
