/**
 * Extension: `command_id` of an execution: the id that its client launched it under (`command_id` of `execute`, `x-request-id`
 * of `execute_async`), in its view under `nsh`, in a shell's queue and in the event `queued`. By it a client knows its own
 * command when it is told of before the launch is answered.
 */

/** Name of the capability in `GET /nsh/v1/server`. */
export const COMMAND_ID_CAPABILITY = 'command_id';
