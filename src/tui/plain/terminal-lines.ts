import { openSync } from 'node:fs';
import { ReadStream } from 'node:tty';

export interface TerminalLines {
  pause(): void;
  resume(): void;
  stop(): void;
}

export interface TerminalLinesEvents {
  /** Without its line feed. */
  readonly onLine: (text: string) => void;
  /** Ctrl-D at the start of a line. More may come. */
  readonly onEndOfInput: () => void;
  /** The terminal is gone. */
  readonly onGone: () => void;
}

/** Reads a terminal line by line, as it edits lines by itself. Node ends a stream at Ctrl-D: then a new one goes on. */
export function readTerminalLines(events: TerminalLinesEvents): TerminalLines {
  let stream: ReadStream = process.stdin;
  let stopped = false;
  let rest = '';
  const decoder = new TextDecoder();
  const read = (bytes: Buffer) => {
    const [first = '', ...more] = decoder.decode(bytes, { stream: true }).split('\n');
    const lines = [rest + first, ...more];
    rest = lines.pop() ?? '';
    for (const line of lines) events.onLine(line);
  };
  const gone = () => {
    if (!stopped) events.onGone();
  };
  const ended = () => {
    if (stopped) return;
    try {
      // Of a terminal that is gone there is none to be opened.
      listen(new ReadStream(openSync('/dev/tty', 'r')));
    } catch {
      return gone();
    }
    events.onEndOfInput();
  };
  function listen(next: ReadStream): void {
    stream = next;
    // Whoever read before, as the question about another build, has paused it.
    stream.on('data', read).on('end', ended).on('error', gone).resume();
  }
  listen(stream);
  return {
    pause: () => void stream.pause(),
    resume: () => void stream.resume(),
    stop() {
      stopped = true;
      stream.off('data', read).pause();
    },
  };
}
