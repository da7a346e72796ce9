/**
 * Writes asciicast v3, the format of terminal recordings that `asciinema play` reads: a header, then events, one JSON
 * value a line. Source: docs.asciinema.org/manual/asciicast/v3, and the parser of asciinema 3.0, which takes intervals in
 * plain decimal notation alone and no text that is not well-formed Unicode.
 */
export interface CastHeader {
  readonly columns: number;
  readonly rows: number;
  /** As in TERM. */
  readonly terminal: string;
  /** Unix time, ms. */
  readonly beganAt: number;
  readonly title: string;
}

/** `o`: output, `r`: resized, `x`: exit status. Keys that are pressed (`i`) are never recorded: they may be secrets. */
export type CastEvent = { readonly code: 'o' | 'r' | 'x'; readonly data: string };

export class CastWriter {
  /** What the intervals written so far add up to, µs: rounding never drifts. */
  #written = 0;

  header({ columns, rows, terminal, beganAt, title }: CastHeader): string {
    return line({
      version: 3,
      term: { cols: columns, rows, type: terminal },
      timestamp: Math.floor(beganAt / 1000),
      title: title.toWellFormed(),
    });
  }

  /** @param atMs since the beginning, ms; not before the event before */
  event({ code, data }: CastEvent, atMs: number): string {
    const interval = Math.max(0, Math.round(atMs * 1000) - this.#written);
    this.#written += interval;
    const seconds = (interval / 1e6).toFixed(6).replace(/0{1,5}$/, '');
    return `[${seconds}, ${JSON.stringify(code)}, ${JSON.stringify(data.toWellFormed())}]\n`;
  }
}

const line = (value: object) => `${JSON.stringify(value)}\n`;
