import type { IncomingMessage } from 'node:http';
import type { z } from 'zod';
import { MAX_COMMAND_BYTES } from '../../api/execution.ts';
import { Refusal } from '../model/refusal.ts';
import type { Call } from './context.ts';

/** JSON may write one byte of a command as six (`\u0001`), and there are a few fields beside it. */
export const MAX_BODY_BYTES = 6 * MAX_COMMAND_BYTES + 64 * 1024;
/** Too large a body is still read up to here: a client cut off while it sends sees a reset, not the answer. */
const MAX_DISCARDED_BYTES = 64 * 1024 * 1024;

export interface BodyLimit {
  readonly maxBytes: number;
  /** For people: what to do with more. */
  readonly instead: string;
}

const USUAL_LIMIT: BodyLimit = {
  maxBytes: MAX_BODY_BYTES,
  instead: 'Put long text into a file and run that.',
};

/**
 * Reads the JSON body of a request; no body at all is an empty object.
 *
 * @throws Refusal `body_too_large`, `body_not_utf8`, `body_not_json` or `body_invalid`, which names each field
 */
export async function readBody<Schema extends z.ZodType>(
  call: Call,
  schema: Schema,
  limit: BodyLimit = USUAL_LIMIT,
): Promise<z.output<Schema>> {
  const parsed = schema.safeParse(parseJson(await readText(call.env.incoming, limit)));
  if (parsed.success) return parsed.data;
  const issues = parsed.error.issues.map(({ path, message }) => `${pathText(path)}: ${message}`);
  throw new Refusal(400, 'body_invalid', `The body of ${call.req.path} is wrong. ${issues.join('. ')}.`);
}

async function readText(incoming: IncomingMessage, { maxBytes, instead }: BodyLimit): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  // Left to itself, the iterator of a stream that is left early destroys it, with the connection for the answer.
  for await (const chunk of incoming.iterator({ destroyOnReturn: false }) as AsyncIterable<Uint8Array>) {
    size += chunk.byteLength;
    if (size <= maxBytes) chunks.push(chunk);
    else if (size > Math.max(maxBytes, MAX_DISCARDED_BYTES)) break;
  }
  if (size > maxBytes) {
    throw new Refusal(413, 'body_too_large', `The body is larger than ${maxBytes} bytes. ${instead}`, {
      connection: 'close',
    });
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(chunks));
  } catch {
    throw new Refusal(400, 'body_not_utf8', 'The body is not UTF-8. Send JSON in UTF-8.');
  }
}

function parseJson(text: string): unknown {
  if (text === '') return {};
  try {
    return JSON.parse(text);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new Refusal(400, 'body_not_json', `The body is not JSON (${why}).`);
  }
}

function pathText(path: readonly PropertyKey[]): string {
  return path.length === 0 ? 'the body' : path.map(String).join('.');
}
