import type { Spill } from '../../output/spill.ts';
import type { SpillDirectory } from '../../output/spill-directory.ts';
import { SpillEncoder } from '../../output/spill-format.ts';
import type { ExitReport } from '../../state/exit-report.ts';
import { MOST_ENDED } from '../../state/queue/ended.ts';

type Stream = 'stdout' | 'stderr';

/** Output in a file of this machine, as far as it has room there. */
export class KeptOutput {
  readonly spill: Spill;
  readonly #encoder = new SpillEncoder();

  constructor(spill: Spill) {
    this.spill = spill;
  }

  write(stream: Stream, text: string): void {
    this.spill.write(this.#encoder.encode({ stream, text }));
  }
}

/** What a block begins with. */
export interface BlockHead {
  readonly number: number;
  /** How people call it: `#7`. */
  readonly name: string;
  readonly command: string;
  /** Another session sent it: its header says so. */
  readonly elsewhere: boolean;
}

/** What this REPL keeps of a command's block after it has scrolled away. */
export interface KeptBlock extends BlockHead {
  /** When it was opened here, Unix time, ms. */
  readonly openedAt: number;
  readonly output: KeptOutput;
  /** Of its background jobs after its end; undefined while there is none. */
  readonly late: KeptOutput | undefined;
  /** How it ended; undefined while it runs, and when this REPL left its shell before. */
  readonly report: ExitReport | undefined;
}

/** The newest blocks of this REPL by their numbers: as many as can be asked for, and the one that runs. */
export class KeptBlocks {
  readonly #blocks = new Map<number, KeptBlock>();
  readonly #spills: SpillDirectory;

  constructor(spills: SpillDirectory) {
    this.#spills = spills;
  }

  open({ number, name, command, elsewhere }: BlockHead): KeptOutput {
    const output = this.#open(`command-${number}`);
    const block = { number, name, command, elsewhere, openedAt: Date.now(), output };
    this.#blocks.set(number, { ...block, late: undefined, report: undefined });
    const [oldest] = this.#blocks.keys();
    if (this.#blocks.size > MOST_ENDED + 1 && oldest !== undefined) this.#blocks.delete(oldest);
    return output;
  }

  ended(number: number, report: ExitReport): void {
    const block = this.#blocks.get(number);
    if (block !== undefined) this.#blocks.set(number, { ...block, report });
  }

  late(number: number): KeptOutput | undefined {
    const block = this.#blocks.get(number);
    if (block === undefined || block.late !== undefined) return block?.late;
    const late = this.#open(`late-${number}`);
    this.#blocks.set(number, { ...block, late });
    return late;
  }

  get(number: number): KeptBlock | undefined {
    return this.#blocks.get(number);
  }

  #open(name: string): KeptOutput {
    return new KeptOutput(this.#spills.open(name));
  }
}
