import { createSanitiser } from '../../repl/output/sanitiser.ts';

/** A terminal gets what it may see of one stream: remote output never drives it. Files and pipes get the exact bytes. */
export class TerminalText {
  readonly #decoder = new TextDecoder();
  readonly #sanitiser = createSanitiser({ lineEdits: true });

  pass(bytes: Uint8Array): string {
    return this.#sanitiser.write(this.#decoder.decode(bytes, { stream: true }));
  }

  /** What was begun and does not go on. */
  end(): string {
    return this.#sanitiser.write(this.#decoder.decode()) + this.#sanitiser.end();
  }
}

export async function* safeForTerminal(output: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const text = new TerminalText();
  for await (const bytes of output) yield text.pass(bytes);
  yield text.end();
}
