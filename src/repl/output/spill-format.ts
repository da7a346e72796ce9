/** A piece of a command's output, as it came. */
export interface OutputPiece {
  readonly stream: 'stdout' | 'stderr';
  readonly text: string;
}

const NUL = '\0';
/** What stands behind a NUL. Output without stderr and NUL, which is most, is kept as it is. */
const MARKS = { stdout: 'o', stderr: 'e', nul: '0' } as const;

/** Writes both streams of a command into one text, in the order of their arrival, so that they can be told apart again. */
export class SpillEncoder {
  #stream: OutputPiece['stream'] = 'stdout';

  encode({ stream, text }: OutputPiece): string {
    const safe = text.includes(NUL) ? text.replaceAll(NUL, NUL + MARKS.nul) : text;
    if (stream === this.#stream) return safe;
    this.#stream = stream;
    return NUL + MARKS[stream] + safe;
  }
}

/** Reads what an encoder wrote. It may be cut anywhere: what is left of a character or a mark then is dropped. */
export async function* decodeSpill(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<OutputPiece> {
  const decoder = new TextDecoder();
  let stream: OutputPiece['stream'] = 'stdout';
  let held = '';
  for await (const chunk of bytes) {
    const [first = '', ...marked] = (held + decoder.decode(chunk, { stream: true })).split(NUL);
    if (first !== '') yield { stream, text: first };
    held = '';
    for (const [index, part] of marked.entries()) {
      if (part === '' && index === marked.length - 1) {
        held = NUL;
        break;
      }
      const mark = part.charAt(0);
      if (mark === MARKS.stdout) stream = 'stdout';
      if (mark === MARKS.stderr) stream = 'stderr';
      const text = mark === MARKS.nul ? NUL + part.slice(1) : part.slice(1);
      if (text !== '') yield { stream, text };
    }
  }
}
