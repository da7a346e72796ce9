/** What only the nsh that was given it has a use for: its own server and its shells need neither. */
const OWN_SECRETS: ReadonlySet<string> = new Set(['RUNLOOP_API_KEY', 'NSH_TOKEN']);

/** An environment without the secrets that are nsh's own. */
export function withoutOwnSecrets(env: NodeJS.ProcessEnv): Record<string, string> {
  const rest: Record<string, string> = {};
  for (const [name, value] of Object.entries(env)) {
    if (value !== undefined && !OWN_SECRETS.has(name)) rest[name] = value;
  }
  return rest;
}
