import type { OutputStreamName } from '../../api/execution.ts';
import type { ByteRange } from './chunk-cursor.ts';
import { isGap, type OutputPiece } from './output-source.ts';

export interface StreamText {
  readonly stream: OutputStreamName;
  readonly piece: string | ByteRange;
}

/** One stream's pieces as text: a character that was cut between two pieces comes whole in the second. */
export class PieceDecoder {
  readonly #decoder = new TextDecoder('utf-8', { ignoreBOM: true });

  take(piece: OutputPiece): readonly (string | ByteRange)[] {
    if (piece instanceof Uint8Array) return unlessEmpty(this.#decoder.decode(piece, { stream: true }));
    // A character that was begun does not go on behind a gap.
    return isGap(piece) ? [...this.end(), piece] : [piece];
  }

  /** What was begun and will not be finished any more. */
  end(): readonly string[] {
    return unlessEmpty(this.#decoder.decode());
  }
}

const unlessEmpty = (text: string) => (text === '' ? [] : [text]);
