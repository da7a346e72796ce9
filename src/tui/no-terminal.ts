import { PassThrough, Writable } from 'node:stream';
import type { ReadStream, WriteStream } from 'node:tty';
import type { ScreenSize } from '../repl/runtime/record/recorder.ts';
import type { TakenTerminal } from './terminal-modes.ts';

/** Nothing was taken, and nothing is to be given back. */
export const NO_TERMINAL_TAKEN: TakenTerminal = {
  restore: () => undefined,
  lend: () => undefined,
  takeBack: () => undefined,
  retake: () => undefined,
};

/** A terminal of a given size that nobody sits at: what it is sent can be recorded, and nothing is ever typed. */
export function noTerminal({ columns, rows }: ScreenSize): { stdin: ReadStream; stdout: WriteStream } {
  const stdin = Object.assign(new PassThrough(), { isTTY: true, isRaw: false, setRawMode: () => stdin });
  const stdout = Object.assign(new Writable({ write: (_chunk, _encoding, done) => done() }), {
    isTTY: true,
    columns,
    rows,
  });
  return { stdin: stdin as unknown as ReadStream, stdout: stdout as unknown as WriteStream };
}
