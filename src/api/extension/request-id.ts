/**
 * Extension: a launch through `execute_async` that carries this header runs once, however often it is sent: the same
 * id is the same execution, with another command, shell or stdin it is a 409, as for the `command_id` of `execute`.
 * The official clients make an id for each call and keep it when they send the call again
 * (`@runloop/api-client`, `core`: `x-request-id`), so they are protected too.
 *
 * With it an execution is found under the id that its client gave it, besides its own: `GET …/executions/{id}`.
 */
export const REQUEST_ID_HEADER = 'x-request-id';

/** Name of the capability in `GET /nsh/v1/server`. */
export const REQUEST_ID_CAPABILITY = 'request_id';
