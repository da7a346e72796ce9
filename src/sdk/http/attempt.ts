import { STATUS_CODES } from 'node:http';
import type { Dispatcher } from 'undici';
import type { z } from 'zod';
import { errorBody } from '../../api/error.ts';
import { isExtension } from '../../api/routes.ts';
import { abortError, throwIfAborted } from '../abort.ts';
import { codeOf, type Failure } from './failure.ts';
import type { Link } from './link.ts';
import { isProxyStatusPermanent, proxyStatusOf } from './proxy-settings.ts';
import { retryHeaders } from './retry-headers.ts';
import type { WireRequest, WireTimes } from './transport.ts';

/** The answer as text: an error's body is cut there, a proxy's page is not for people's screens. */
const LONGEST_MESSAGE = 2000;

/**
 * Sends a request once and reads its JSON answer.
 *
 * @returns the parsed answer, or why there is none
 * @throws NamedShellError of kind `aborted` or `timeout`, when the signal fired or the client was closed
 */
export async function attempt<T>(
  link: Link,
  request: WireRequest,
  schema: z.ZodType<T>,
  timeoutMs: number,
  signal: AbortSignal | undefined,
): Promise<{ readonly value: T } | Failure> {
  const response = await openAnswer(link, request, { headersMs: timeoutMs, bodyMs: timeoutMs }, signal);
  if ('failed' in response) return response;
  let text: string;
  try {
    text = await response.body.text();
  } catch (error) {
    return failureOf(link, error, signal);
  }
  link.monitor.reached();
  return parse(text, schema);
}

/**
 * Sends a request once, up to the head of a 2xx answer; the body is the caller's to read or destroy.
 * `reached` is not reported yet: the body may still break.
 */
export async function openAnswer(
  link: Link,
  request: WireRequest,
  times: WireTimes,
  signal: AbortSignal | undefined,
): Promise<Dispatcher.ResponseData | Failure> {
  throwIfAborted(signal);
  throwIfAborted(link.transport.closed);
  const started = performance.now();
  try {
    const response = await link.transport.send(request, times, signal);
    const took = Math.round(performance.now() - started);
    link.logger?.debug(`${request.method} ${request.path} ${response.statusCode} ${took} ms`);
    if (response.statusCode >= 200 && response.statusCode < 300) return response;
    return await refusal(link, request, response);
  } catch (error) {
    const failure = failureOf(link, error, signal);
    link.logger?.debug(`${request.method} ${request.path} ${failure.failed}`);
    return failure;
  }
}

/** Why sending or reading failed; throws where the caller itself ended it. */
export function failureOf(link: Link, error: unknown, signal: AbortSignal | undefined): Failure {
  throwIfAborted(signal);
  if (link.transport.closed.aborted) throw abortError(link.transport.closed);
  link.engine.forget();
  const cause = error instanceof Error ? error : new Error(String(error));
  const code = codeOf(cause);
  if (link.transport.wasNeverSent(cause)) {
    const { proxy } = link.transport;
    const proxyStatus = proxyStatusOf(cause);
    const permanent =
      proxyStatus === undefined ? PERMANENT.test(code ?? '') : isProxyStatusPermanent(proxyStatus);
    return { failed: 'not_sent', cause, permanent, proxy, proxyStatus };
  }
  return {
    failed: 'broken',
    cause,
    timedOut: code === 'UND_ERR_HEADERS_TIMEOUT' || code === 'UND_ERR_BODY_TIMEOUT',
  };
}

/** Certificates do not mend themselves, nor do a socket's permissions. */
const PERMANENT = /CERT|^UND_ERR_PRX_TLS$|^ERR_TLS|^ERR_SSL|^EACCES$|^EPERM$|^ENAMETOOLONG$/;

async function refusal(
  link: Link,
  request: WireRequest,
  response: Dispatcher.ResponseData,
): Promise<Failure> {
  const status = response.statusCode;
  const text = await response.body.text();
  const header = (name: string) => {
    const value = response.headers[name];
    return Array.isArray(value) ? value[0] : value;
  };
  const body = errorBody.safeParse(parseJson(text));
  const said = body.success ? body.data.message : (STATUS_CODES[status] ?? 'no reason given');
  const message = link.transport.redact(said).slice(0, LONGEST_MESSAGE);
  const code = body.success ? body.data.code : undefined;
  // On a path that it does not have the service may answer anything: only our server's own 401 is about the key there.
  const isAboutKey = status === 401 && (code !== undefined || !isExtension(request.path));
  if (isAboutKey) link.monitor.unauthorized(message);
  else if (status !== 429 && status < 500) link.monitor.reached();
  return {
    failed: 'refused',
    status,
    message,
    code,
    ...retryHeaders(header),
  };
}

function parse<T>(text: string, schema: z.ZodType<T>): { readonly value: T } | Failure {
  const json = text === '' ? {} : parseJson(text);
  if (json === undefined) {
    return { failed: 'unreadable', cause: undefined, message: 'it is not JSON', foreign: true };
  }
  const parsed = schema.safeParse(json);
  if (parsed.success) return { value: parsed.data };
  const issue = parsed.error.issues[0];
  const at = issue?.path.join('.') || 'the body';
  return {
    failed: 'unreadable',
    cause: parsed.error,
    message: `${at}: ${issue?.message ?? 'not as agreed'}`,
  };
}

/** Undefined for what is not JSON, which no JSON text parses to. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // The caller says what it means that this is not JSON: a proxy's page, or a broken server.
    return undefined;
  }
}
