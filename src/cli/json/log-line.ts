import { z } from 'zod';
import { historyLine } from './history-line.ts';

const stream = z.enum(['stdout', 'stderr']).describe('which of the two');
const offset = z.int().describe('of the first byte, counted in the stream');

/** A line of `nsh log --json`: the command first, then its output, then `end`. */
export const logLine = z.discriminatedUnion('type', [
  z
    .strictObject({ type: z.literal('command'), ...historyLine.shape })
    .describe('the command, as in `nsh history --json`'),
  z
    .strictObject({
      type: z.literal('output'),
      stream,
      offset,
      text: z.string().nullable().describe('as it was written; null: it is not UTF-8'),
      base64: z.base64().nullable().describe('the bytes, where they are not UTF-8; else null'),
    })
    .describe('a piece of a stream'),
  z
    .strictObject({ type: z.literal('gap'), stream, offset, bytes: z.int().describe('how many are missing') })
    .describe('what the server no longer holds of a long output'),
  z
    .strictObject({
      type: z.literal('end'),
      complete: z
        .boolean()
        .describe('false: the command runs or waits; without --follow the output goes no further'),
      exit_status: historyLine.shape.exit_status,
    })
    .describe('there is no more'),
]);
export type LogLine = z.infer<typeof logLine>;
