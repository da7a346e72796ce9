import { z } from 'zod';

/**
 * Extension: shells, with what runs and waits in them, outlive their server when it is killed, and
 * `POST /nsh/v1/server/stop` with `{"keep_shells": true}` ends it as if it were, but with everything written down.
 */
export const KEEP_SHELLS_CAPABILITY = 'keep_shells';

/** `POST /nsh/v1/server/stop` */
export const stopServerBody = z.object({
  /** Leaves the shells, and what runs in them, to the next server of the same state directory. */
  keep_shells: z.boolean().nullish(),
});

/** In a view, under `nsh`. */
export const adoptedDetail = z.looseObject({
  /**
   * The server that began the command is gone and another followed it to its end. `message` says what may have been
   * lost; without one nothing was.
   */
  adopted: z.literal(true).optional(),
});
export type AdoptedDetail = z.infer<typeof adoptedDetail>;
