import { answer, type Behaviour, events, raw } from '../helpers/misbehaving-server.ts';
import { scripted } from './scripted.ts';
import { completed, EXECUTION_ID, embedded, running } from './views.ts';

export const LAUNCH = 'POST /execute';
export const WAIT = 'POST /wait_for_status';
export const STATE = `GET /executions/${EXECUTION_ID}`;
export const STDOUT = 'GET /stream_stdout_updates';
export const STDERR = 'GET /stream_stderr_updates';
export const RAW_OUT = 'GET /output/stdout';
export const RAW_ERR = 'GET /output/stderr';
export const SERVER = 'GET /nsh/v1/server';

export const offsets = (requests: readonly { query: URLSearchParams }[]) =>
  requests.map(({ query }) => query.get('offset'));
export const bytes = (text: string) => Buffer.from(text);

/** A command on the embedded devbox whose stdout is served as told. */
export async function onRawRoute(...stdout: Behaviour[]) {
  const setting = await scripted();
  setting.server
    .on(SERVER, answer(200, embedded))
    .on(LAUNCH, answer(200, running()))
    .on(WAIT, answer(200, completed('', { stdout_truncated: true })))
    .on(STATE, answer(200, completed('', { stdout_truncated: true })))
    .on(RAW_OUT, ...stdout)
    .on(RAW_ERR, raw([], 'end'));
  return setting;
}

/** A command on the service, which has text events alone. */
export async function onEventRoute(...stdout: Behaviour[]) {
  const setting = await scripted();
  setting.server
    .on(LAUNCH, answer(200, running()))
    .on(WAIT, answer(200, completed('', { stdout_truncated: true })))
    .on(STATE, answer(200, completed('', { stdout_truncated: true })))
    .on(STDOUT, ...stdout)
    .on(STDERR, events([], 'end'));
  return setting;
}
