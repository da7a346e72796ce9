import type { FoldLabel } from './backlog.ts';
import { cutLines } from './cut-lines.ts';
import { createLineAssembler } from './line-assembler.ts';
import { sgrColour } from './palette.ts';
import type { Pump } from './pump.ts';
import { createSanitiser } from './sanitiser.ts';

type Stream = 'stdout' | 'stderr';

export interface BlockWriterOptions {
  readonly pump: Pick<Pump, 'write' | 'ready'>;
  /** The line for folded output, `… 1,204,331 lines folded (:show 12)`. One function per execution. */
  readonly foldLabel: FoldLabel;
  /** false takes colours and styles out of the output and of the gutter. Default true. */
  readonly colour?: boolean;
  /** As in the sanitiser. */
  readonly showControls?: boolean;
  readonly links?: boolean;
  /** Stands before the first output, or what is there instead: it takes no cell. Default ''. */
  readonly outputMark?: string;
  /** Cells at which longer lines are cut now; undefined: they are left to the terminal to wrap. */
  readonly cutAt?: () => number | undefined;
  /** UTF-16 units after which a line is handed out in pieces, as lines of their own. Default 16,384. */
  readonly maxLineLength?: number;
  /** What stands at the end of a line that the program did not end. Default: a dim `⏎`. */
  readonly unfinishedMark?: string;
  /** What stands before each line; safe text of the REPL's own. Default: nothing for stdout, `▏` or `! ` for stderr. */
  readonly gutter?: { readonly stdout?: string; readonly stderr?: string };
}

/**
 * Writes what belongs to one execution: its header, the lines of both streams in the order they were completed,
 * its exit line. Lines of several writers may stand between one another's; none is ever cut by another.
 */
export interface BlockWriter {
  /** A line that is never folded: header, notice. Its text comes sanitised, styled as the caller wants. */
  line(text: string): void;
  /**
   * Takes the next text of a stream, as it came. The promise is for the producer to await before it brings more
   * (as the SDK's callbacks do); the text was taken in any case.
   */
  write(stream: Stream, text: string): Promise<void>;
  /** The unterminated line that was written to last, with its colours and without, for the live frame. */
  partial(): { readonly stream: Stream; readonly text: string; readonly plain: string } | undefined;
  /**
   * Writes what is left of both streams, then the exit line. A line that the program did not terminate gets a dim
   * `⏎` at its end, as fish does: the newline after it is not the program's. Later writes are again as new.
   */
  end(exitLine?: string): void;
}

const RED_GUTTER = `\x1b[${sgrColour('failure')}m▏\x1b[0m`;
const PLAIN_GUTTER = '! ';
const NO_NEWLINE = '⏎';
const DIM_NO_NEWLINE = '\x1b[2m⏎\x1b[0m';

export function createBlockWriter(options: BlockWriterOptions): BlockWriter {
  const { pump, foldLabel, colour = true, showControls = false, links = false, gutter = {} } = options;
  const { outputMark = '', cutAt, maxLineLength } = options;
  const { unfinishedMark = colour ? DIM_NO_NEWLINE : NO_NEWLINE } = options;
  const open = (prefix: string) => ({
    sanitiser: createSanitiser({ colour, showControls, links, lineEdits: true }),
    assembler: createLineAssembler({ prefix, ...(maxLineLength === undefined ? {} : { maxLineLength }) }),
  });
  const streams = {
    stdout: open(gutter.stdout ?? ''),
    stderr: open(gutter.stderr ?? (colour ? RED_GUTTER : PLAIN_GUTTER)),
  };
  /** The stream that was written to last comes last. */
  let order: [Stream, Stream] = ['stderr', 'stdout'];
  let begun = false;
  const put = (lines: string) => {
    if (lines === '') return;
    begin();
    const cells = cutAt?.();
    pump.write(cells === undefined ? lines : cutLines(lines, cells), foldLabel);
  };
  const begin = () => {
    if (!begun) pump.write(outputMark);
    begun = true;
  };

  return {
    line: (text) => pump.write(text),
    write(stream, text) {
      if (order[1] !== stream) order = [order[1], stream];
      const { sanitiser, assembler } = streams[stream];
      put(assembler.write(sanitiser.write(text)));
      return pump.ready();
    },
    partial() {
      for (const stream of order.toReversed()) {
        // A tab's width depends on where it stands, which nothing that measures text knows.
        const plain = streams[stream].assembler.partialText().replaceAll('\t', '    ');
        if (plain !== '') return { stream, text: streams[stream].assembler.partial(), plain };
      }
      return undefined;
    },
    end(exitLine) {
      for (const stream of order) {
        const { sanitiser, assembler } = streams[stream];
        const rest = assembler.write(sanitiser.end());
        put(rest + assembler.end(unfinishedMark));
      }
      begin();
      if (exitLine !== undefined) pump.write(exitLine);
    },
  };
}
