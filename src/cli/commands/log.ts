import { isUtf8 } from 'node:buffer';
import type { OutputStreamName } from '../../api/execution.ts';
import { unfinishedBytes } from '../../devbox/output/text-of.ts';
import type { Execution } from '../../sdk/execution.ts';
import type { Configuration } from '../configuration.ts';
import { EXIT } from '../exit-status.ts';
import { findCommand } from '../find-command.ts';
import { historyLineOf } from '../json/history-line.ts';
import type { LogLine } from '../json/log-line.ts';
import { writeJsonLine } from '../json/write-json-line.ts';
import { gapText } from '../output/gap-lines.ts';
import { lengthSoFar, type OutputPart, outputParts, type WhichOutput } from '../output/output-so-far.ts';
import { safeForTerminal } from '../output/safe-for-terminal.ts';
import { shellToLookAt } from '../shell-to-look-at.ts';
import { tell, writeFully } from '../standard-streams.ts';
import { untilSignal } from '../until-signal.ts';

export interface LogOptions extends WhichOutput {
  readonly name: string;
  /** A number of `nsh history`, or an execution's id. */
  readonly which: string;
  /** NDJSON: `logLine`s. */
  readonly json: boolean;
}

const STREAMS = ['stdout', 'stderr'] as const;

/**
 * `nsh log NAME N`: what one command printed, byte for byte, its stdout to stdout and its stderr to stderr; of one that
 * runs, what it has printed so far.
 *
 * @param entry path of this program
 */
export async function log(configuration: Configuration, entry: string, options: LogOptions): Promise<number> {
  const { name, which, follow, late, json } = options;
  await using found = await shellToLookAt(configuration, entry, name);
  using stopped = untilSignal();
  const command = findCommand(name, found.commands, which);
  const execution = found.shell.execution(command.executionId);
  const view = await execution.getState();
  const parts = (stream: OutputStreamName) =>
    outputParts(execution, stream, lengthSoFar(view, stream, options), { late, signal: stopped.signal });
  const { end_reason, message } = view.nsh ?? {};
  if (end_reason === 'cancelled' && !json)
    await tell(`command ${which} did not run: ${message ?? 'cancelled'}`);
  const copied = async () => {
    if (json) await writeJsonLine({ type: 'command', ...historyLineOf(command) } satisfies LogLine);
    await Promise.all(
      STREAMS.map((stream) => (json ? writeJson(stream, parts(stream)) : writeStream(stream, parts(stream)))),
    );
    if (json) await writeJsonLine(await endOf(execution));
    else if (!follow && !late && view.status !== 'completed' && process.stderr.isTTY) {
      await tell(
        `command ${which} ${view.status === 'queued' ? 'waits' : 'runs'}; --follow prints on to its end.`,
      );
    }
  };
  try {
    await Promise.race([copied(), found.connection.lost]);
  } catch (error) {
    if (!stopped.signal.aborted) throw error;
  }
  return stopped.signal.aborted ? stopped.exitStatus() : EXIT.ok;
}

async function endOf(execution: Execution): Promise<LogLine> {
  const { status, exit_status } = await execution.getState();
  return { type: 'end', complete: status === 'completed', exit_status: exit_status ?? null };
}

async function writeStream(stream: OutputStreamName, parts: AsyncIterable<OutputPart>): Promise<void> {
  const to = process[stream];
  const bytes = withoutGaps(stream, parts);
  for await (const piece of to.isTTY ? safeForTerminal(bytes) : bytes) await writeFully(to, piece);
}

async function* withoutGaps(stream: OutputStreamName, parts: AsyncIterable<OutputPart>) {
  for await (const part of parts) {
    if (part.kind === 'bytes') yield part.bytes;
    else await tell(gapText({ stream, bytes: part.bytes, from: part.offset, to: part.offset + part.bytes }));
  }
}

/** Pieces are cut between characters: only what is no UTF-8 at all goes as base64. */
async function writeJson(stream: OutputStreamName, parts: AsyncIterable<OutputPart>): Promise<void> {
  let held = Buffer.alloc(0);
  const write = async (bytes: Buffer, offset: number) => {
    if (bytes.length === 0) return;
    const isText = isUtf8(bytes);
    await writeJsonLine({
      type: 'output',
      stream,
      offset,
      text: isText ? bytes.toString() : null,
      base64: isText ? null : bytes.toString('base64'),
    } satisfies LogLine);
  };
  let end = 0;
  for await (const part of parts) {
    if (part.kind === 'gap') {
      await write(held, end - held.length);
      held = Buffer.alloc(0);
      end = part.offset + part.bytes;
      await writeJsonLine({ type: 'gap', stream, offset: part.offset, bytes: part.bytes } satisfies LogLine);
      continue;
    }
    const bytes = Buffer.concat([held, part.bytes]);
    const whole = bytes.length - unfinishedBytes(bytes);
    await write(bytes.subarray(0, whole), part.offset - held.length);
    held = bytes.subarray(whole);
    end = part.offset + part.bytes.length;
  }
  await write(held, end - held.length);
}
