import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { decodeSpill, type OutputPiece } from '../../output/spill-format.ts';
import type { ExecutionPort } from '../shell-port.ts';
import type { KeptBlock, KeptOutput } from './kept-block.ts';

/** Output, or a line of the REPL's own about it: what is missing, and why. */
export type BlockPiece = OutputPiece | { readonly note: string };

export interface BlockSources {
  /** How people call it where they ask: it may say of which shell it is. */
  readonly name: string;
  readonly block: KeptBlock;
  /** undefined: the devbox never took the command. */
  readonly execution: ExecutionPort | undefined;
  /** Says why the devbox did not give the rest. */
  readonly explain: (error: unknown) => string;
}

/**
 * The whole output of a block: from the REPL's own copy, else from the devbox, else as much as there is. What exists
 * no more is told with its size. Of a command that runs it is the output so far. Never throws but for the signal.
 */
export async function* readBlock(sources: BlockSources, signal: AbortSignal): AsyncGenerator<BlockPiece> {
  const { block, execution } = sources;
  const { spill } = block.output;
  const here = await sizeHere(block.output);
  const whole = spill.cutBytes === 0 && here === spill.bytes;
  if (whole && block.report !== undefined && !isSkipped(block)) return yield* readHere(block.output, signal);
  const { state, problem } = await askState(sources);
  if (state !== 'completed' || execution === undefined) {
    yield* readHere(block.output, signal);
    if (problem === undefined) yield { note: stillRuns(sources, whole) };
    else if (missing(block, here) !== undefined) yield { note: `${missing(block, here)}: ${problem}` };
    return;
  }
  let fetched = false;
  try {
    for await (const piece of execution.outputs(signal)) {
      fetched = true;
      yield piece;
    }
  } catch (error) {
    if (signal.aborted) throw error;
    const reason = sources.explain(error);
    if (fetched) return yield { note: `… the rest could not be fetched from the devbox: ${reason}` };
    yield* readHere(block.output, signal);
    yield { note: `${missing(block, here) ?? '… there may be more of it'}: ${reason}` };
  }
}

/** What background jobs wrote after the end, as far as it is here: nobody else keeps it in the order it came. */
export async function* readLate(
  { name, block: { late } }: Pick<BlockSources, 'name' | 'block'>,
  signal: AbortSignal,
): AsyncGenerator<BlockPiece> {
  if (late === undefined) return;
  const here = await sizeHere(late);
  yield* readHere(late, signal);
  const gone = late.spill.bytes + late.spill.cutBytes - here;
  if (gone > 0) yield { note: `… ${bytes(gone)} of what jobs of ${name} wrote later exist no more` };
}

async function* readHere({ spill }: KeptOutput, signal: AbortSignal): AsyncGenerator<OutputPiece> {
  // Of what is written meanwhile no part, so that nothing is read in halves.
  const end = await sizeHere({ spill });
  if (end > 0) yield* decodeSpill(createReadStream(spill.path, { end: end - 1, signal }));
}

/** Bytes that are in the file; 0 when it made room for newer ones. */
async function sizeHere({ spill }: Pick<KeptOutput, 'spill'>): Promise<number> {
  await spill.flushed();
  return await stat(spill.path).then(
    ({ size }) => size,
    () => 0,
  );
}

async function askState({ block, execution, explain }: BlockSources): Promise<{
  readonly state: 'queued' | 'running' | 'completed' | 'unknown';
  readonly problem?: string;
}> {
  if (execution === undefined) return { state: 'unknown', problem: 'the devbox never took the command' };
  if (block.report?.kind === 'completed') return { state: 'completed' };
  try {
    return { state: await execution.state() };
  } catch (error) {
    return { state: 'unknown', problem: explain(error) };
  }
}

function stillRuns({ name, block: { output } }: BlockSources, whole: boolean): string {
  const rest = whole
    ? ''
    : ` ${bytes(output.spill.cutBytes)} more are on the devbox: ask again when it has ended.`;
  return `… ${name} still runs, this is its output so far.${rest}`;
}

function missing(block: KeptBlock, here: number): string | undefined {
  const { spill } = block.output;
  const gone = spill.bytes + spill.cutBytes - here;
  if (gone > 0) return `… ${bytes(gone)} of its output exist no more here, nor on the devbox`;
  return isSkipped(block) ? '… the output that was skipped is not on the devbox' : undefined;
}

const isSkipped = ({ report }: KeptBlock) => report?.kind === 'completed' && report.skipped === true;
const bytes = (count: number) => `${count.toLocaleString('en-US')} bytes`;
