import { z } from 'zod';

/** One line of `GET /v1/devboxes/{id}/logs`. On the service it may lag behind what happened. */
export const logEntry = z.looseObject({
  level: z.string(),
  source: z.string(),
  /** Unix time, ms. */
  timestamp_ms: z.number(),
  /** The command, on the line that marks its start. */
  cmd: z.string().nullish(),
  /** The execution's id. */
  cmd_id: z.string().nullish(),
  /** The exit status, on the line that marks its end. */
  exit_code: z.number().nullish(),
  message: z.string().nullish(),
  shell_name: z.string().nullish(),
});
/** One line of a devbox's log. Source: the official client's `DevboxLogsListView.Log`. */
export type LogEntry = z.infer<typeof logEntry>;

export const logsView = z.looseObject({ logs: z.array(logEntry) });
/** The log of a devbox. Source: the official client's `DevboxLogsListView`. */
export type LogsView = z.infer<typeof logsView>;
