import type { Readable } from 'node:stream';
import { MAX_COMMAND_BYTES } from '../../api/execution.ts';
import { joinLines } from '../../repl/editor/join-lines.ts';
import { CliError } from '../cli-error.ts';
import { EXIT } from '../exit-status.ts';

export interface ScriptCommand {
  /** Of its first line; the first of the script is 1. */
  readonly line: number;
  readonly text: string;
}

/**
 * The commands of a script, each as soon as its last line is there.
 *
 * @throws CliError with status 65 at a line that is not UTF-8 or longer than a command may be
 */
export async function* readCommands(script: Readable): AsyncGenerator<ScriptCommand, undefined> {
  let read = 0;
  async function* counted() {
    for await (const bytes of splitLines(script, () => read + 1)) {
      read += 1;
      yield decode(bytes, read);
    }
  }
  for await (const text of joinLines(counted())) {
    // Joined lines keep their line feeds, and the last of them is the last that was read.
    yield { line: read + 1 - text.split('\n').length, text };
  }
}

async function* splitLines(source: Readable, lineNumber: () => number): AsyncGenerator<Buffer> {
  let held: Buffer[] = [];
  let heldBytes = 0;
  for await (const chunk of source as AsyncIterable<Buffer>) {
    let from = 0;
    for (let feed = chunk.indexOf(10); feed !== -1; feed = chunk.indexOf(10, from)) {
      held.push(chunk.subarray(from, feed));
      yield Buffer.concat(held);
      held = [];
      heldBytes = 0;
      from = feed + 1;
    }
    const rest = chunk.subarray(from);
    if (rest.length > 0) held.push(rest);
    heldBytes += rest.length;
    // Known before the line's end: a file without line feeds is not read into memory first.
    if (heldBytes > MAX_COMMAND_BYTES) {
      throw new CliError(
        EXIT.refused,
        `line ${lineNumber()} has more than the ${MAX_COMMAND_BYTES} bytes that one command may have. Put it into a file and run that.`,
      );
    }
  }
  if (held.length > 0) yield Buffer.concat(held);
}

function decode(bytes: Buffer, line: number): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (error) {
    throw new CliError(
      EXIT.refused,
      `line ${line} is not UTF-8 text, so it cannot be sent as a command. Write such bytes as $'\\xHH'.`,
      { cause: error },
    );
  }
}
