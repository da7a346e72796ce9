import type { ReplEvent } from '../../state/event.ts';
import { bareName } from '../../state/queue/command-name.ts';
import { plural } from '../../state/text/plural.ts';
import { shownPath } from '../local-path.ts';
import type { Diagnose, ExecutionPort } from '../shell-port.ts';
import { copyToClipboard, mostCopied } from '../terminal/clipboard.ts';
import { showInPager } from '../terminal/pager.ts';
import type { LendTerminal } from '../terminal/run-at-terminal.ts';
import type { Screen } from '../terminal/screen.ts';
import type { Blocks } from './blocks.ts';
import { exportTranscript, type Transcript } from './export-transcript.ts';
import { type BlockSources, readBlock } from './read-block.ts';
import { plainOutput, renderBlock } from './render-block.ts';
import { type BlockSearch, searchBlocks } from './search-blocks.ts';

export interface BlockActionsContext {
  readonly blocks: Blocks;
  readonly screen: Screen;
  readonly colour: boolean;
  readonly lendTerminal: LendTerminal;
  /** Prints whole lines in the place of a pager, at the pace of the terminal; undefined: there is a pager. */
  readonly printLines?:
    | ((lines: (signal: AbortSignal) => AsyncIterable<string>) => Promise<void>)
    | undefined;
  readonly diagnose: Diagnose;
  /** Ends what is under way: nsh itself is being ended. */
  readonly signal: AbortSignal;
}

/** A block, by its number here and as people call it. */
export interface NamedBlock {
  readonly number: number;
  readonly name: string;
  /** undefined: the devbox never took it. */
  readonly execution: ExecutionPort | undefined;
}

/** What can be done with blocks that have scrolled away. */
export interface BlockActions {
  /** Opens it in the pager, or prints it where there is none; answered by `pager-ended`, whatever happens. */
  show(block: NamedBlock, dispatch: (event: ReplEvent) => void): Promise<void>;
  /** Puts its output into the clipboard, and says so, or why not. */
  copy(block: NamedBlock): Promise<void>;
  /** Prints the lines that match. */
  search(
    blocks: readonly NamedBlock[],
    search: Pick<BlockSearch, 'pattern' | 'flags' | 'columns'>,
  ): Promise<void>;
  /** Writes them into a file, and says so, or why not. */
  export(blocks: readonly NamedBlock[], into: Pick<Transcript, 'path' | 'title'>): Promise<void>;
}

export function createBlockActions(context: BlockActionsContext): BlockActions {
  const { blocks, screen, colour, lendTerminal, printLines, diagnose, signal } = context;
  const clipboard = { env: process.env, control: screen.control };
  const sources = ({ number, name, execution }: NamedBlock): BlockSources | undefined => {
    const block = blocks.kept(number);
    return block && { name, block, execution, explain: (error) => diagnose(error).message };
  };

  return {
    async show(block, dispatch) {
      const found = sources(block);
      try {
        if (found === undefined) throw new Error('nothing is kept of it');
        const text = (over: AbortSignal) => renderBlock(found, colour, AbortSignal.any([over, signal]));
        if (printLines !== undefined) {
          await printLines(text);
          return dispatch({ type: 'pager-ended' });
        }
        const problem = await showInPager({
          text,
          lendTerminal,
          env: process.env,
          signal,
        });
        dispatch({ type: 'pager-ended', ...(problem === undefined ? {} : { problem }) });
      } catch (error) {
        dispatch({
          type: 'pager-ended',
          problem: `${block.name} could not be shown: ${(error as Error).message}.`,
        });
      }
    },
    async copy(block) {
      const { name } = block;
      const found = sources(block);
      if (found === undefined) return screen.print(`Nothing is kept of ${name}.`, 'error');
      try {
        screen.print(await copyOutput(found), 'dim');
      } catch (error) {
        if (!signal.aborted)
          screen.print(`${name} could not be copied: ${(error as Error).message}.`, 'error');
      }
    },
    async search(named, search) {
      const tellLater = setTimeout(() => screen.print('searching …', 'dim'), 1_000);
      try {
        const blocks = named.flatMap((block) => sources(block) ?? []);
        const { lines, told } = await searchBlocks({ ...search, blocks, colour, signal });
        screen.printSafe(lines.join('\n'));
        screen.print(told.join('\n'), 'dim');
      } catch (error) {
        if (!signal.aborted) screen.print(`The search failed: ${(error as Error).message}.`, 'error');
      } finally {
        clearTimeout(tellLater);
      }
    },
    async export(named, into) {
      try {
        const blocks = named.flatMap((block) => sources(block) ?? []);
        const size = await exportTranscript({ ...into, blocks, signal });
        const told = `exported ${plural(blocks.length, 'command')} into ${shownPath(into.path)}`;
        screen.print(`${told}, ${size.toLocaleString('en-US')} bytes`, 'dim');
      } catch (error) {
        if (!signal.aborted) screen.print(`Nothing was exported: ${(error as Error).message}.`, 'error');
      }
    },
  };

  async function copyOutput(found: BlockSources): Promise<string> {
    const { name } = found;
    const most = mostCopied(clipboard);
    const left = new AbortController();
    const notes: string[] = [];
    const pieces = readBlock(found, AbortSignal.any([left.signal, signal]));
    let text = '';
    for await (const more of plainOutput(pieces, (note) => notes.push(note))) {
      text += more;
      if (text.length > most) break;
    }
    left.abort();
    const copied = text.replace(/\n$/, '');
    const size = Buffer.byteLength(copied);
    if (size === 0) return `${name} has no output: nothing was copied`;
    if (size > most) {
      const limit = most.toLocaleString('en-US');
      return `${name} printed more than the ${limit} bytes that can be copied: nothing was. :show ${bareName(name)} opens it.`;
    }
    const how = await copyToClipboard(copied, clipboard);
    return [`copied ${size.toLocaleString('en-US')} bytes of ${name}${how}`, ...notes].join('\n');
  }
}
