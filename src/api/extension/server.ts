import { z } from 'zod';

/** `GET /nsh/v1/server`: what kind of engine answers here. `POST /nsh/v1/server/stop` ends it and its shells. */
export const serverView = z.looseObject({
  version: z.string(),
  /** Which program serves, beside its version: another one, another build. Unset: it does not say. */
  build: z.string().optional(),
  pid: z.number().int(),
  /** Unix time, ms. */
  started_at_ms: z.number(),
  bash_version: z.string(),
  /** Names of extensions that this server offers, such as `shells`. */
  capabilities: z.array(z.string()),
  /** A silent stream of events brings a comment so often, ms. Unset: it does not say. */
  heartbeat_ms: z.number().positive().optional(),
});
/** What the embedded devbox says of itself; the service says nothing like it. */
export type ServerView = z.infer<typeof serverView>;

/** The id of the devbox that `nsh` uses when none is named: the user's own machine and home. */
export const LOCAL_DEVBOX_ID = 'local';
