import { type FileHandle, open, rm } from 'node:fs/promises';
import { CutMiddle } from '../../output/cut-middle.ts';
import { markdownFence, markdownText } from '../../output/markdown.ts';
import { sanitiseText } from '../../output/sanitise-text.ts';
import { exitLine } from '../../state/exit-report.ts';
import { bareName } from '../../state/queue/command-name.ts';
import { plural } from '../../state/text/plural.ts';
import { type BlockPiece, type BlockSources, readBlock, readLate } from './read-block.ts';
import { plainOutput } from './render-block.ts';

export interface Transcript {
  /** Absolute. */
  readonly path: string;
  /** Of what shell it is. */
  readonly title: string;
  readonly blocks: readonly BlockSources[];
  readonly signal: AbortSignal;
}

/** Of one command's output, characters: a transcript is to be read. */
const MOST_OF_ONE = 64 * 1024;

/**
 * Writes commands with their output, exit and timing as Markdown. The output is plain text, and cut where it is long.
 *
 * @returns bytes written
 * @throws Error with a message for people; then there is no file
 */
export async function exportTranscript({ path, title, blocks, signal }: Transcript): Promise<number> {
  const file = await create(path);
  try {
    const now = new Date().toISOString();
    const commands = plural(blocks.length, 'command');
    let written = await write(
      file,
      `# ${markdownText(sanitiseText(title))}\n\n${commands}, exported ${now}\n`,
    );
    for (const block of blocks) {
      for await (const text of blockText(block, signal)) written += await write(file, text);
    }
    await file.close();
    return written;
  } catch (error) {
    await file.close().catch(() => undefined);
    // It is ours: it was made above.
    await rm(path, { force: true });
    throw error;
  }
}

async function create(path: string): Promise<FileHandle> {
  try {
    return await open(path, 'wx', 0o600);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    throw new Error(`${path} is there already, and nothing is overwritten: choose another name`, {
      cause: error,
    });
  }
}

async function write(file: FileHandle, text: string): Promise<number> {
  const bytes = Buffer.from(text);
  await file.appendFile(bytes);
  return bytes.length;
}

async function* blockText(sources: BlockSources, signal: AbortSignal): AsyncGenerator<string> {
  const { command, elsewhere, openedAt, report } = sources.block;
  const name = bareName(sources.name);
  const end = report === undefined ? 'still runs' : exitLine(report).text;
  const began = new Date(openedAt).toISOString();
  const origin = elsewhere ? 'Sent by another session.' : `Began ${began}.`;
  yield `\n## ${markdownText(sanitiseText(name))} · ${markdownText(sanitiseText(end))}\n\n${origin}\n\n`;
  yield markdownFence(sanitiseText(command.trimEnd(), { multiline: true }), 'sh');
  yield* outputText(readBlock(sources, signal), '', name);
  yield* outputText(readLate(sources, signal), 'Later, from its background jobs:\n\n', name);
}

async function* outputText(
  pieces: AsyncIterable<BlockPiece>,
  heading: string,
  name: string,
): AsyncGenerator<string> {
  const notes: string[] = [];
  const output = new CutMiddle(MOST_OF_ONE);
  for await (const text of plainOutput(pieces, (note) => notes.push(note))) output.write(text);
  const { head, tail, cutBytes } = output.end();
  if (head !== '') yield `\n${heading}${markdownFence(head, 'text')}`;
  if (cutBytes > 0) {
    yield `\n${cutBytes.toLocaleString('en-US')} bytes are left out here; \`:show ${name}\` has them while the session lives.\n`;
    yield `\n${markdownFence(tail, 'text')}`;
  }
  for (const note of notes) yield `\n${markdownText(sanitiseText(note))}\n`;
}
