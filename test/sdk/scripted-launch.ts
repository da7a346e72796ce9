export const LAUNCH = 'POST /execute';
export const LAUNCH_WITH_STDIN = 'POST /execute_async';
export const LOGS = 'GET /logs';
export const SERVER = 'GET /nsh/v1/server';

export const commandsOf = (requests: readonly { body: unknown }[]) =>
  requests.map(({ body }) => (body as { command: string }).command);

/** The line of the logs that marks a command's start in the shell of the tests, now. */
export function started(cmd: string, id: string, more: object = {}) {
  return {
    level: 'INFO',
    source: 'exec',
    timestamp_ms: Date.now(),
    cmd,
    cmd_id: id,
    shell_name: 'main',
    ...more,
  };
}
