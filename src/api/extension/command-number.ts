/**
 * Extension: `number` of an execution that was sent to a named shell, in its view under `nsh`, in a shell's queue and in the
 * event `queued`. The shell's first command is 1, each next one in the order of acceptance has one more; it never changes, and
 * is the same for every client. A shell's view has the latest one as `last_number`. A shell that is closed and made again goes on counting as long as commands of it are kept.
 */

/** Name of the capability in `GET /nsh/v1/server`. */
export const COMMAND_NUMBER_CAPABILITY = 'command_number';
