import { z } from 'zod';

/**
 * What the journal of a devbox holds, one JSON object a line. Written before any answer tells of it; read by the next
 * server, also one of a newer version: what a kind of record means does not change, unknown ones are passed over.
 */
export const journalRecord = z.discriminatedUnion('t', [
  z.object({
    t: z.literal('accepted'),
    id: z.string(),
    n: z.number().optional(),
    command: z.string(),
    shell: z.string().optional(),
    stdin: z.literal(true).optional(),
    merge: z.literal(true).optional(),
    command_id: z.string().optional(),
    at: z.number(),
  }),
  /** Input for a command that waits; without `text` its end. */
  z.object({ t: z.literal('input'), id: z.string(), text: z.string().optional() }),
  z.object({ t: z.literal('started'), id: z.string(), at: z.number(), fresh: z.literal(true).optional() }),
  z.object({
    t: z.literal('ended'),
    id: z.string(),
    at: z.number(),
    reason: z.enum(['exited', 'shell_ended', 'cancelled']),
    status: z.number(),
    message: z.string().optional(),
    cwd: z.string().optional(),
    adopted: z.literal(true).optional(),
    /** Bytes of each stream: what is not on disk when the next server looks is lost. */
    out: z.number(),
    err: z.number(),
  }),
  /** Dropped, as one of the oldest. */
  z.object({ t: z.literal('forgotten'), id: z.string() }),
  /** A shell as it is from now on. */
  z.object({
    t: z.literal('shell'),
    name: z.string(),
    /** Names its snapshot. */
    key: z.string(),
    cwd: z.string(),
    at: z.number(),
    /** The folder of its bash; unset when it has none. */
    session: z.string().optional(),
    idle_ms: z.number().optional(),
  }),
  z.object({ t: z.literal('shell_closed'), name: z.string() }),
  /** Everything is on disk and the server ends, with its shells alive. */
  z.object({ t: z.literal('handed_over') }),
]);
export type JournalRecord = z.infer<typeof journalRecord>;
export type RecordOf<Kind extends JournalRecord['t']> = Extract<JournalRecord, { t: Kind }>;
