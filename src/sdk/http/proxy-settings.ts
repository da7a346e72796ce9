import { STATUS_CODES } from 'node:http';
import { NamedShellError } from '../errors.ts';

export interface ProxySettings {
  readonly httpProxy?: URL;
  readonly httpsProxy?: URL;
}

/**
 * The proxies that the environment names: `https_proxy`, else `HTTPS_PROXY`, and the same for http. One that is set but
 * empty counts as unset. `NO_PROXY` is the agent's to read.
 *
 * @throws NamedShellError of kind `proxy` for an address that is none
 */
export function proxySettings(env: NodeJS.ProcessEnv): ProxySettings {
  const httpProxy = read(env, 'http_proxy', 'HTTP_PROXY');
  const httpsProxy = read(env, 'https_proxy', 'HTTPS_PROXY');
  return { ...(httpProxy && { httpProxy }), ...(httpsProxy && { httpsProxy }) };
}

function read(env: NodeJS.ProcessEnv, ...names: string[]): URL | undefined {
  const name = names.find((one) => env[one]?.trim());
  const text = name && env[name]?.trim();
  if (!text) return undefined;
  // As curl takes it: `proxy:3128` is a host with a port.
  const address = text.includes('://') ? text : `http://${text}`;
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (url?.protocol === 'http:' || url?.protocol === 'https:') return url;
  // The address may hold a password: it is not repeated.
  throw new NamedShellError(
    'proxy',
    `The proxy in ${name} is not an http:// or https:// address. Example: http://proxy.example.com:3128. Correct it, or unset ${name}.`,
  );
}

const TUNNEL_REFUSED = /^Proxy response \((\d{3})\)/;
const FORWARD_REFUSED = /^Proxy Authentication Required \((\d{3})\)/;

/** The status by which the proxy itself turned a request away: then nothing has left for the server. */
export function proxyStatusOf(error: Error): number | undefined {
  const [, status] = TUNNEL_REFUSED.exec(error.message) ?? FORWARD_REFUSED.exec(error.message) ?? [];
  return status === undefined ? undefined : Number(status);
}

/** A proxy whose upstream is away, or that is busy, may let the next request through. */
export const isProxyStatusPermanent = (status: number): boolean =>
  status < 500 && status !== 408 && status !== 429;

/** `407 Proxy Authentication Required` */
export const proxyStatusText = (status: number): string =>
  `${status} ${STATUS_CODES[status] ?? ''}`.trimEnd();
