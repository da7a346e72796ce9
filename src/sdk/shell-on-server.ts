import {
  closeShellView,
  ENVIRONMENT_CAPABILITY,
  IDLE_TIMEOUT_CAPABILITY,
  type OpenShellView,
  openShellView,
  RESTORE_CAPABILITY,
  restoreShellView,
  type ShellView,
  shellView,
} from '../api/extension/shell.ts';
import { routes } from '../api/routes.ts';
import { NamedShellError } from './errors.ts';
import { call } from './http/call.ts';
import type { Link } from './http/link.ts';
import type { RequestOptions } from './options.ts';
import { requireCapability } from './require-capability.ts';

/** How a shell is opened. */
export interface OpenShellParams {
  /** Where a new bash starts; without effect on one that lives. Default: the devbox's home. */
  cwd?: string | undefined;
  /**
   * The shell's lifetime, ms: with nothing running or waiting for so long it is closed, as by `close()`. Sending, the end
   * of a command and `open` begin the time anew; watching, reading and background jobs do not. null: never closed for
   * that. Unset: stays as it is, at first never.
   */
  idleTimeoutMs?: number | null | undefined;
  /**
   * All that a new bash inherits, and each after it in this shell; without effect on one that lives. Default: what the
   * server has itself.
   */
  environment?: Readonly<Record<string, string>> | undefined;
}

/** A shell by its name, in the embedded devbox's calls: the service has none of them. */
export interface ShellAddress {
  readonly link: Link;
  readonly devboxId: string;
  readonly name: string;
}

const called = (name: string) => `the shell ${JSON.stringify(name)}`;

/**
 * A path drops these names, and asks for something else then: `shells/../events` are the events of all shells.
 *
 * @throws NamedShellError of kind `invalid_request`
 */
export function refuseUnlessInPath(what: string, name: string): void {
  if (!['', '.', '..'].includes(name)) return;
  const message = `${what} failed: such a name cannot be written as a part of a URL. Choose another name, such as main.`;
  throw new NamedShellError('invalid_request', message);
}

export async function openShell(
  { link, devboxId, name }: ShellAddress,
  { cwd, idleTimeoutMs, environment }: OpenShellParams,
  options: RequestOptions | undefined,
): Promise<OpenShellView | undefined> {
  const what = `Opening ${called(name)}`;
  refuseUnlessInPath(what, name);
  if (idleTimeoutMs !== undefined) {
    const lacking = 'closes no shell for being idle. Leave idleTimeoutMs out.';
    await requireCapability(link, IDLE_TIMEOUT_CAPABILITY, { what, lacking }, options);
  }
  if (environment !== undefined) {
    const lacking =
      'gives no shell an environment of its own. Leave environment out, and export what is needed.';
    await requireCapability(link, ENVIRONMENT_CAPABILITY, { what, lacking }, options);
  }
  if (!(await link.engine.describe(link, options))) return undefined;
  const body = {
    ...(cwd === undefined ? {} : { cwd }),
    ...(idleTimeoutMs === undefined ? {} : { idle_timeout_ms: idleTimeoutMs }),
    ...(environment === undefined ? {} : { environment }),
  };
  const path = routes.shell(devboxId, name);
  return await call(
    link,
    { what, method: 'PUT', path, body, schema: openShellView, repeat: 'always' },
    options,
  );
}

export async function retrieveShell(
  { link, devboxId, name }: ShellAddress,
  options: RequestOptions | undefined,
): Promise<ShellView | undefined> {
  if (!(await link.engine.describe(link, options))) return undefined;
  const what = `Reading ${called(name)}`;
  const path = routes.shell(devboxId, name);
  try {
    return await call(link, { what, method: 'GET', path, schema: shellView, repeat: 'always' }, options);
  } catch (error) {
    if (error instanceof NamedShellError && error.kind === 'not_found') return undefined;
    throw error;
  }
}

export async function closeShell(
  { link, devboxId, name }: ShellAddress,
  options: RequestOptions | undefined,
): Promise<boolean> {
  const what = `Closing ${called(name)}`;
  refuseUnlessInPath(what, name);
  const lacking = 'offers no call that closes a shell. Run `exit` in it, or shut the devbox down.';
  await requireCapability(link, 'shells', { what, lacking }, options);
  const path = routes.closeShell(devboxId, name);
  const request = { what, method: 'POST', path, body: {}, schema: closeShellView, repeat: 'always' } as const;
  return (await call(link, request, options)).closed;
}

/** Sent once: a second one would be refused, because the first has given the shell a bash. */
export async function restoreShell(
  { link, devboxId, name }: ShellAddress,
  options: RequestOptions | undefined,
): Promise<ShellView> {
  const what = `Restoring ${called(name)}`;
  refuseUnlessInPath(what, name);
  const lacking = 'keeps no state of a shell that ended.';
  await requireCapability(link, RESTORE_CAPABILITY, { what, lacking }, options);
  const path = routes.restoreShell(devboxId, name);
  const request = { what, method: 'POST', path, body: {}, schema: restoreShellView } as const;
  const reconcile = 'Look at the shell before trying again.';
  return (await call(link, { ...request, repeat: 'unsent', reconcile }, options)).shell;
}
