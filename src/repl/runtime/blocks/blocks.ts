import { type BlockWriter, createBlockWriter } from '../../output/block-writer.ts';
import { endMark, OUTPUT_MARK } from '../../output/marks.ts';
import type { Pump } from '../../output/pump.ts';
import { SpillDirectory } from '../../output/spill-directory.ts';
import type { ExitReport } from '../../state/exit-report.ts';
import type { RecalledBlock } from '../../state/history/recall.ts';
import { bareName } from '../../state/queue/command-name.ts';
import { type BlockLines, blockLines } from './block-lines.ts';
import { type BlockHead, type KeptBlock, KeptBlocks, type KeptOutput } from './kept-block.ts';

export interface BlocksOptions {
  readonly pump: Pump;
  readonly spillDir: string;
  readonly colour: boolean;
  /** Cells at which longer lines are cut now; undefined: none is. */
  readonly cutAt?: () => number | undefined;
  /** Whether blocks that are opened now are marked for the terminal. */
  readonly marks: () => boolean;
  /** What is said around the output. An empty header or end is not printed. Default: a header and an end for each. */
  readonly lines?: BlockLines;
  /** What stands before each line of stderr. Default: a mark. */
  readonly stderrGutter?: string;
  /** The running command's last line while it has no line break; empty when it has. At most 20 times a second. */
  readonly onPartial: (text: string) => void;
  readonly onProblem: (message: string) => void;
}

/** Each command's block in the scrollback: header, output as it comes, exit line. */
export interface Blocks {
  open(block: BlockHead): void;
  /** The promise is for the stream to wait for: the terminal, or the disk, is slower than the output. */
  write(number: number, stream: 'stdout' | 'stderr', chunk: string): Promise<void>;
  /**
   * What background jobs write after their command's block was closed: each line names the command.
   *
   * @param source its number; or the command itself, when its block is not of this session
   */
  late(source: number | string, stream: 'stdout' | 'stderr', chunk: string): Promise<void>;
  close(number: number, report: ExitReport): void;
  /** The block of a command that had ended before: its last lines, and when that was. */
  recall(number: number, name: string, block: RecalledBlock, ago: string): void;
  /** What is kept of a block of this session, also when its shell is not attached any more. */
  kept(number: number): KeptBlock | undefined;
  /** Forgets the blocks that are open: their shell is not attached any more. */
  abandon(): void;
  /** Waits until what is kept of the output is on disk. */
  end(): Promise<void>;
}

interface Block {
  readonly writer: BlockWriter;
  readonly output: KeptOutput;
  readonly marks: boolean;
}

const PARTIAL_EVERY_MS = 50;
/** What was folded on the screen can be looked up here; the devbox has all of it while it lives. */
const SPILL_EACH_BYTES = 64 * 1024 * 1024;
const SPILL_TOTAL_BYTES = 256 * 1024 * 1024;

export function createBlocks(options: BlocksOptions): Blocks {
  const { pump, colour, cutAt } = options;
  const style = { pump, colour, ...(cutAt && { cutAt }) };
  const spills = new SpillDirectory({
    dir: options.spillDir,
    maxBytesEach: SPILL_EACH_BYTES,
    maxBytesTotal: SPILL_TOTAL_BYTES,
    onProblem: options.onProblem,
  });
  const kept = new KeptBlocks(spills);
  const blocks = new Map<number, Block>();
  /** Output that came before its block was opened waits here: what stands before it is still being shown. */
  const openings = new Map<number, PromiseWithResolvers<void>>();
  const opened = async (number: number) => {
    if (kept.get(number) !== undefined) return;
    const opening = openings.get(number) ?? Promise.withResolvers<void>();
    openings.set(number, opening);
    await opening.promise;
  };
  const lateWriters = new Map<number | string, BlockWriter>();
  const { lines = blockLines(colour), stderrGutter } = options;
  const gutter = stderrGutter === undefined ? {} : { stderr: stderrGutter };

  let shown = '';
  let timer: NodeJS.Timeout | undefined;
  const showPartial = (text: string) => {
    if (text === shown) return;
    shown = text;
    options.onPartial(text);
  };
  /** Reading the partial line costs its length, so it is read at the screen's pace, not at the output's. */
  const partialLater = (writer: BlockWriter) => {
    timer ??= setTimeout(() => {
      timer = undefined;
      showPartial(writer.partial()?.plain ?? '');
    }, PARTIAL_EVERY_MS);
  };
  const noPartial = () => {
    clearTimeout(timer);
    timer = undefined;
    showPartial('');
  };

  /** They go on without this REPL. */
  const endBlocks = () => {
    for (const { writer, marks } of blocks.values()) writer.end(marks ? endMark(null) : undefined);
  };

  /** A job's last line may have no line break: it is shown when nothing more can come. */
  const endLate = () => {
    for (const writer of lateWriters.values()) writer.end();
    lateWriters.clear();
  };

  return {
    open(head) {
      const { number, name } = head;
      const marks = options.marks();
      const outputMark = marks ? OUTPUT_MARK : '';
      const writer = createBlockWriter({ ...style, outputMark, gutter, foldLabel: lines.folded(name) });
      blocks.set(number, { writer, marks, output: kept.open(head) });
      openings.get(number)?.resolve();
      openings.delete(number);
      const header = lines.header(head, marks);
      if (header !== '') writer.line(header);
    },
    async write(number, stream, chunk) {
      if (!blocks.has(number)) await opened(number);
      const block = blocks.get(number);
      if (block === undefined) return;
      block.output.write(stream, chunk);
      const shownSoon = block.writer.write(stream, chunk);
      partialLater(block.writer);
      await Promise.all([shownSoon, block.output.spill.ready()]);
    },
    late(source, stream, chunk) {
      const late = typeof source === 'number' ? kept.late(source) : undefined;
      late?.write(stream, chunk);
      // Jobs may be many and silent for days: none holds a file open.
      void late?.spill.close();
      const name = typeof source === 'number' ? kept.get(source)?.name : undefined;
      const gutter = lines.lateGutter(name ?? String(source));
      const writer =
        lateWriters.get(source) ?? createBlockWriter({ ...style, gutter, foldLabel: lines.folded(name) });
      lateWriters.set(source, writer);
      return writer.write(stream, chunk);
    },
    close(number, report) {
      const block = blocks.get(number);
      if (block === undefined) return;
      blocks.delete(number);
      noPartial();
      block.writer.end(lines.exit(report, block.marks) || undefined);
      kept.ended(number, report);
      void block.output.spill.close();
    },
    recall(number, name, { command, report, output }, ago) {
      const writer = createBlockWriter({ ...style, gutter, foldLabel: lines.folded(name) });
      const head = { number, name, command, elsewhere: false };
      const copy = kept.open(head);
      writer.line(lines.header(head));
      if (output === undefined) writer.line(lines.dim('… what it printed is not held any more'));
      if (output?.cut) writer.line(lines.dim(`… lines before these: :show ${bareName(name)}`));
      for (const stream of ['stdout', 'stderr'] as const) {
        const text = output?.[stream] ?? '';
        if (text === '') continue;
        void writer.write(stream, text);
        // What is not whole here is asked of the devbox when it is wanted.
        if (!output?.cut) copy.write(stream, text);
      }
      writer.end(`${lines.exit(report)}${lines.dim(` · ${ago}`)}`);
      kept.ended(
        number,
        report.kind === 'completed' ? { ...report, skipped: output?.cut !== false } : report,
      );
      void copy.spill.close();
    },
    kept: (number) => kept.get(number),
    abandon() {
      endBlocks();
      for (const { output } of blocks.values()) void output.spill.close();
      blocks.clear();
      for (const { resolve } of openings.values()) resolve();
      openings.clear();
      endLate();
      noPartial();
    },
    async end() {
      clearTimeout(timer);
      endBlocks();
      endLate();
      await spills.close();
    },
  };
}
