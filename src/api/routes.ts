/** Every path of the contract, in one place. Ids and names are escaped, so a shell may be called `a/b`. */
const segment = encodeURIComponent;
const devbox = (id: string) => `/v1/devboxes/${segment(id)}`;
const execution = (id: string, executionId: string) => `${devbox(id)}/executions/${segment(executionId)}`;
const shell = (id: string, name: string) => `/nsh/v1/devboxes/${segment(id)}/shells/${segment(name)}`;

export const routes = {
  devboxes: () => '/v1/devboxes',
  createAndAwaitRunning: () => '/v1/devboxes/create_and_await_running',
  devbox,
  waitForDevbox: (id: string) => `${devbox(id)}/wait_for_status`,
  suspend: (id: string) => `${devbox(id)}/suspend`,
  resume: (id: string) => `${devbox(id)}/resume`,
  keepAlive: (id: string) => `${devbox(id)}/keep_alive`,
  shutdown: (id: string) => `${devbox(id)}/shutdown`,
  execute: (id: string) => `${devbox(id)}/execute`,
  executeAsync: (id: string) => `${devbox(id)}/execute_async`,
  executeSync: (id: string) => `${devbox(id)}/execute_sync`,
  execution,
  waitForExecution: (id: string, executionId: string) => `${execution(id, executionId)}/wait_for_status`,
  kill: (id: string, executionId: string) => `${execution(id, executionId)}/kill`,
  sendStdIn: (id: string, executionId: string) => `${execution(id, executionId)}/send_std_in`,
  stream: (id: string, executionId: string, stream: 'stdout' | 'stderr') =>
    `${execution(id, executionId)}/stream_${stream}_updates`,
  logs: (id: string) => `${devbox(id)}/logs`,
  /** Extension: executions of a devbox, or of one shell. */
  executions: (id: string) => `/nsh/v1/devboxes/${segment(id)}/executions`,
  /** Extension: both streams in their order. */
  orderedOutput: (id: string, executionId: string) =>
    `/nsh/v1/devboxes/${segment(id)}/executions/${segment(executionId)}/output`,
  /** Extension: the raw bytes of a stream. */
  output: (id: string, executionId: string, stream: 'stdout' | 'stderr') =>
    `/nsh/v1/devboxes/${segment(id)}/executions/${segment(executionId)}/output/${stream}`,
  /** Extension: what background jobs wrote after the end. */
  lateOutput: (id: string, executionId: string, stream: 'stdout' | 'stderr') =>
    `/nsh/v1/devboxes/${segment(id)}/executions/${segment(executionId)}/late/${stream}`,
  /** Extension. */
  server: () => '/nsh/v1/server',
  /** Extension. */
  stopServer: () => '/nsh/v1/server/stop',
  /** Extension. */
  shells: (id: string) => `/nsh/v1/devboxes/${segment(id)}/shells`,
  /** Extension. */
  shell,
  /** Extension. */
  closeShell: (id: string, name: string) => `${shell(id, name)}/close`,
  /** Extension: brings back the state of a bash that has ended. */
  restoreShell: (id: string, name: string) => `${shell(id, name)}/restore`,
  /** Extension: server-sent events of one shell. */
  shellEvents: (id: string, name: string) => `${shell(id, name)}/events`,
  /** Extension: of all shells of a devbox. */
  devboxEvents: (id: string) => `/nsh/v1/devboxes/${segment(id)}/events`,
} as const;

/** Whether a path is of the embedded devbox alone. */
export const isExtension = (path: string): boolean => path.startsWith('/nsh/');
