import { Agent, buildConnector, type Dispatcher, EnvHttpProxyAgent, Pool } from 'undici';
import { type ProxySettings, proxySettings } from './proxy-settings.ts';

export interface DispatcherOptions {
  readonly url: URL;
  readonly socketPath: string | undefined;
  /** Whether HTTP/2 may be spoken where the server offers it: over TLS, by ALPN. */
  readonly http2: boolean;
  readonly env: NodeJS.ProcessEnv;
  /** Told of each error of the connecting phase: no byte of a request was written before it. */
  readonly onNotConnected: (error: Error) => void;
}

export interface RequestDispatcher {
  readonly dispatcher: Dispatcher;
  /** The proxy that connections go through, for messages; undefined while none does. */
  readonly proxy: () => string | undefined;
}

const CONNECT_TIMEOUT_MS = 10_000;
/** Reached without a proxy, as Go does it: the key of a server of this machine goes nowhere else. */
const LOOPBACK = /^(localhost|.*\.localhost|127(\.\d+){3}|\[::1\])$/;

/**
 * The connection pool. A pool and not a single undici Client: an open stream occupies its HTTP/1.1 connection.
 *
 * To the service through the proxy of the environment; to a Unix socket and to this machine never through one.
 *
 * @throws NamedShellError of kind `proxy` when the proxy's address is none
 */
export function createDispatcher(options: DispatcherOptions): RequestDispatcher {
  const { url, socketPath, http2, onNotConnected } = options;
  const direct = buildConnector({
    timeout: CONNECT_TIMEOUT_MS,
    allowH2: http2 && socketPath === undefined,
    ...(socketPath === undefined ? {} : { socketPath }),
  });
  let isProxied = false;
  const factory = (origin: string | URL, poolOptions: object): Pool => {
    const { connect = direct } = poolOptions as { connect?: typeof direct };
    // The proxying agent makes its connections with a connector of its own.
    if (connect !== direct) isProxied = true;
    return new Pool(origin, {
      ...poolOptions,
      connect(target, callback) {
        connect(target, (...result) => {
          if (result[0]) onNotConnected(result[0]);
          callback(...result);
        });
      },
    });
  };
  const agentOptions = { allowH2: http2, connect: direct, factory };
  const isLocal = socketPath !== undefined || LOOPBACK.test(url.hostname);
  const settings: ProxySettings = isLocal ? {} : proxySettings(options.env);
  if (settings.httpProxy === undefined && settings.httpsProxy === undefined) {
    return { dispatcher: new Agent(agentOptions), proxy: () => undefined };
  }
  const used = url.protocol === 'https:' ? (settings.httpsProxy ?? settings.httpProxy) : settings.httpProxy;
  const dispatcher = new EnvHttpProxyAgent({
    ...agentOptions,
    ...(settings.httpProxy && { httpProxy: settings.httpProxy.href }),
    ...(settings.httpsProxy && { httpsProxy: settings.httpsProxy.href }),
    connectTimeout: CONNECT_TIMEOUT_MS,
    proxyTls: { allowH2: false },
    // A proxy that takes a CONNECT and never answers would be waited for 300 s.
    clientFactory: (origin, opts) => new Pool(origin, { ...opts, headersTimeout: CONNECT_TIMEOUT_MS }),
  });
  return { dispatcher, proxy: () => (isProxied && used ? used.origin : undefined) };
}
