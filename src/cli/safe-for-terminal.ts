import { createSanitiser } from '../repl/output/sanitiser.ts';

/** A terminal gets what it may see: remote output never drives it. Files and pipes get the exact bytes. */
export async function* safeForTerminal(output: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  const sanitiser = createSanitiser({ lineEdits: true });
  for await (const bytes of output) yield sanitiser.write(decoder.decode(bytes, { stream: true }));
  yield sanitiser.write(decoder.decode()) + sanitiser.end();
}
