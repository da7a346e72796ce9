import {
  type CloseShellView,
  type OpenShellView,
  openShellBody,
  type RestoreShellView,
  type ShellListView,
} from '../../../api/extension/shell.ts';
import { shellView } from '../../model/shell/shell-view.ts';
import { devboxOf, type Handler, parameter } from '../context.ts';
import { readBody } from '../read-body.ts';

export const listShells: Handler = (service, call) => {
  const devbox = devboxOf(service, call);
  return call.json({
    shells: devbox.shells().map((shell) => shellView(devbox.id, shell)),
  } satisfies ShellListView);
};

export const retrieveShell: Handler = (service, call) => {
  const devbox = devboxOf(service, call);
  return call.json(shellView(devbox.id, devbox.shell(parameter(call, 'name'))));
};

export const openShell: Handler = async (service, call) => {
  const devbox = devboxOf(service, call);
  const { cwd, environment, idle_timeout_ms } = await readBody(call, openShellBody);
  const { created, shell } = await devbox.openShell(parameter(call, 'name'), {
    ...(cwd === null || cwd === undefined ? {} : { cwd }),
    ...(environment === null || environment === undefined ? {} : { environment }),
    ...(idle_timeout_ms === undefined ? {} : { idleTimeoutMs: idle_timeout_ms }),
  });
  return call.json({ created, shell: shellView(devbox.id, shell) } satisfies OpenShellView);
};

export const restoreShell: Handler = async (service, call) => {
  const devbox = devboxOf(service, call);
  const shell = await devbox.restoreShell(parameter(call, 'name'));
  return call.json({ shell: shellView(devbox.id, shell) } satisfies RestoreShellView);
};

export const closeShell: Handler = async (service, call) =>
  call.json({
    closed: await devboxOf(service, call).closeShell(parameter(call, 'name')),
  } satisfies CloseShellView);
