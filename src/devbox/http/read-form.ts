import type { IncomingMessage } from 'node:http';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Refusal } from '../model/refusal.ts';

/** Bytes that a field may have: a path. */
const MAX_FIELD_BYTES = 64 * 1024;

export interface Form<Part> {
  readonly fields: ReadonlyMap<string, string>;
  /** What `takeFile` made of it; undefined when the form has none. */
  readonly file: Part | undefined;
}

/**
 * Reads a form of fields and one file (`multipart/form-data`), in whatever order. The file is taken as it comes: nothing
 * of it is held.
 *
 * @param takeFile takes the content of the first part that is a file of this name, to its end; discarded when the rest of
 *   the form is wrong
 * @throws Refusal `body_invalid`; what `takeFile` throws
 */
export async function readForm<Part extends { discard(): Promise<void> }>(
  incoming: IncomingMessage,
  fileName: string,
  takeFile: (content: Readable) => Promise<Part>,
): Promise<Form<Part>> {
  const { Busboy } = await import('@fastify/busboy');
  const fields = new Map<string, string>();
  let taken: Promise<Part> | undefined;
  let file: Readable | undefined;
  let form: InstanceType<typeof Busboy>;
  try {
    const { headers } = incoming;
    form = new Busboy({
      headers: { ...headers, 'content-type': headers['content-type'] ?? '' },
      limits: { fieldSize: MAX_FIELD_BYTES, fields: 100, parts: 100 },
    });
  } catch (error) {
    throw invalid(error);
  }
  form.on('field', (name, value) => void fields.set(name, value));
  form.on('file', (name, content) => {
    // A form that ends too early is an error of each of its parts, also of one that nobody reads, or reads any more.
    content.on('error', () => undefined);
    if (name !== fileName || taken !== undefined) {
      content.resume();
      return;
    }
    file = content;
    taken = takeFile(content);
    // Told of below, when the rest has been read: a client that is cut off while it sends sees no answer.
    taken.catch(() => content.resume());
  });
  try {
    await pipeline(incoming, form);
  } catch (error) {
    // The parser does not tell of it who reads a part.
    file?.destroy(error as Error);
    const part = await taken?.catch(() => undefined);
    await part?.discard();
    throw invalid(error);
  }
  return { fields, file: await taken };
}

function invalid(error: unknown): Refusal {
  const why = error instanceof Error ? error.message : String(error);
  return new Refusal(400, 'body_invalid', `The body is no whole multipart/form-data (${why}).`);
}
