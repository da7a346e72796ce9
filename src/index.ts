export type { DevboxStatus, DevboxView } from './api/devbox.ts';
export type { ExecutionDetail, ExecutionStatus, ExecutionView, OutputStreamName } from './api/execution.ts';
export { LOCAL_DEVBOX_ID, type ServerView } from './api/extension/server.ts';
export type { OpenShellView, QueuedCommand, ShellView } from './api/extension/shell.ts';
export type { ShellEvent } from './api/extension/shell-event.ts';
export type { LogEntry, LogsView } from './api/log.ts';
export { type EmbeddedDevbox, type StartDevboxOptions, startDevbox } from './devbox/start-devbox.ts';
export { DevboxClient, type DevboxClientOptions, type StopServerParams } from './sdk/client.ts';
export type { CommandOperations } from './sdk/command-operations.ts';
export type { Devbox, LogFilter } from './sdk/devbox.ts';
export type { DevboxEvent, DevboxEventType } from './sdk/devbox-event.ts';
export type { DevboxListParams, DevboxOperations } from './sdk/devbox-operations.ts';
export { type ErrorDetails, type ErrorKind, NamedShellError, type TimedOutCommand } from './sdk/errors.ts';
export type { Execution } from './sdk/execution.ts';
export type { ExecutionResult } from './sdk/execution-result.ts';
export type { ConnectionEvent } from './sdk/http/connection-monitor.ts';
export type { NamedShell } from './sdk/named-shell.ts';
export type {
  ExecAsyncParams,
  ExecParams,
  ExecuteStreamingCallbacks,
  Logger,
  LongPollRequestOptions,
  OutputCallback,
  RequestOptions,
} from './sdk/options.ts';
export type { OutputStreamOptions } from './sdk/output/output-bytes.ts';
export type { OutputChunk } from './sdk/output/output-chunks.ts';
export type { OutputGap, OutputGapCallback } from './sdk/output/output-gap.ts';
export type { OutputLine } from './sdk/output/output-lines.ts';
export type { ShellCommand } from './sdk/shell-commands.ts';
export type { OpenShellParams } from './sdk/shell-on-server.ts';
export type { TimeLimitParams } from './sdk/time-limit.ts';
export type { UnsettledLaunch } from './sdk/unsettled-launch.ts';
export type { WatchDevboxOptions } from './sdk/watch-devbox.ts';
