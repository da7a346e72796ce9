import { ENVIRONMENT_CAPABILITY } from '../api/extension/shell.ts';
import type { Connection } from './connection.ts';
import { withoutOwnSecrets } from './own-secrets.ts';

/** As it was when nsh started: settings that nsh makes for itself are not the user's. */
const atStart = { ...process.env };

/**
 * The environment that a new shell is to have: the one that nsh was started in. On this machine only, and where the
 * server can give a shell one.
 */
export async function callerEnvironment({
  client,
  isLocal,
}: Connection): Promise<Record<string, string> | undefined> {
  if (!isLocal || !(await client.server())?.capabilities.includes(ENVIRONMENT_CAPABILITY)) return undefined;
  return withoutOwnSecrets(atStart);
}
