import { type IPty, spawn } from '@lydell/node-pty';
import headless from '@xterm/headless';

const { Terminal } = headless;

export interface TerminalOptions {
  readonly columns?: number;
  readonly rows?: number;
  readonly cwd?: string;
  readonly env?: Record<string, string>;
}

/** A program in a real pty whose screen is read through a terminal emulator, as a person would see it. */
export interface TerminalSession extends Disposable {
  /** What stands on the screen, trailing spaces and empty lines cut. */
  screen(): string;
  /** Scrollback and screen together, wrapped rows joined. */
  history(): string;
  /** Every byte the program wrote, as text. */
  raw(): string;
  write(keys: string): void;
  resize(columns: number, rows: number): void;
  /** Resolves once `condition` holds for the screen; a time-out rejects with the screen in its message. */
  waitFor(condition: string | RegExp | ((screen: string) => boolean), timeoutMs?: number): Promise<string>;
  readonly pid: number;
  readonly exited: Promise<{ exitCode: number; signal: number | undefined }>;
  /** Private modes that a program may leave switched on: bracketed paste, mouse, cursor keys, focus. */
  modes(): Record<string, boolean | string>;
  cursor(): { column: number; row: number; hidden: boolean };
  /** How the characters of a row of the screen look. Colours are palette numbers. */
  styles(row: number): readonly CellStyle[];
  title(): string;
  /** The marks of OSC 133 with the row, from the top of the scrollback, and the column they stand at. */
  marks(): readonly Mark[];
  /** How often the bell was rung. */
  bells(): number;
  kill(signal?: string): void;
}

export interface Mark {
  readonly what: string;
  readonly column: number;
  /** The row as it is now. */
  readonly text: string;
}

export interface CellStyle {
  readonly character: string;
  readonly bold: boolean;
  readonly dim: boolean;
  readonly underline: boolean;
  readonly color: number | undefined;
}

export function openTerminal(
  file: string,
  args: readonly string[],
  options: TerminalOptions = {},
): TerminalSession {
  const columns = options.columns ?? 80;
  const rows = options.rows ?? 24;
  const terminal = new Terminal({ cols: columns, rows, scrollback: 100_000, allowProposedApi: true });
  const pty: IPty = spawn(file, [...args], {
    cols: columns,
    rows,
    name: 'xterm-256color',
    cwd: options.cwd ?? process.cwd(),
    env: { ...options.env, TERM: 'xterm-256color' },
  });
  let raw = '';
  let title = '';
  const watchers = new Set<() => void>();
  terminal.onTitleChange((value) => {
    title = value;
  });
  const marks: { readonly what: string; readonly column: number; readonly row: () => number }[] = [];
  terminal.parser.registerOscHandler(133, (what) => {
    const { cursorX: column } = terminal.buffer.active;
    const marker = terminal.registerMarker(0);
    marks.push({ what, column, row: () => marker?.line ?? -1 });
    return true;
  });
  let bells = 0;
  terminal.onBell(() => {
    bells += 1;
  });
  // The emulator answers queries (cursor position, device attributes) as a real terminal does.
  terminal.onData((reply) => pty.write(reply));
  pty.onData((data) => {
    raw += data;
    terminal.write(data, () => {
      for (const watcher of [...watchers]) watcher();
    });
  });
  const exited = new Promise<{ exitCode: number; signal: number | undefined }>((resolve) => {
    pty.onExit(({ exitCode, signal }) => terminal.write('', () => resolve({ exitCode, signal })));
  });

  const lines = (from: number, to: number) => {
    const buffer = terminal.buffer.active;
    const joined: string[] = [];
    for (let row = from; row < to; row++) {
      const line = buffer.getLine(row);
      if (line === undefined) continue;
      const text = line.translateToString(true);
      if (line.isWrapped && joined.length > 0) joined[joined.length - 1] += text;
      else joined.push(text);
    }
    return joined.join('\n').trimEnd();
  };
  const screen = () => {
    const buffer = terminal.buffer.active;
    const shown: string[] = [];
    for (let row = buffer.baseY; row < buffer.baseY + terminal.rows; row++) {
      shown.push(buffer.getLine(row)?.translateToString(true) ?? '');
    }
    return shown.join('\n').trimEnd();
  };

  const waitFor: TerminalSession['waitFor'] = (condition, timeoutMs = 20_000) => {
    const holds = (text: string) =>
      typeof condition === 'string'
        ? text.includes(condition)
        : condition instanceof RegExp
          ? condition.test(text)
          : condition(text);
    return new Promise((resolve, reject) => {
      const stop = () => {
        clearTimeout(timer);
        watchers.delete(check);
      };
      const check = () => {
        // Half a frame, which a terminal does not show before it is whole.
        if (terminal.modes.synchronizedOutputMode) return;
        const now = screen();
        if (!holds(now)) return;
        stop();
        resolve(now);
      };
      const timer = setTimeout(() => {
        stop();
        reject(new Error(`Waited ${timeoutMs} ms for ${String(condition)}. The screen:\n${screen()}\n---`));
      }, timeoutMs);
      watchers.add(check);
      check();
    });
  };

  return {
    screen,
    history: () => lines(0, terminal.buffer.active.length),
    raw: () => raw,
    write: (keys) => pty.write(keys),
    resize(nextColumns, nextRows) {
      terminal.resize(nextColumns, nextRows);
      pty.resize(nextColumns, nextRows);
    },
    waitFor,
    pid: pty.pid,
    exited,
    modes() {
      // Synchronised output is on while a frame is being drawn: it says when one looked, not what was left on.
      const { synchronizedOutputMode: _, ...modes } = terminal.modes;
      return { ...modes, alternateScreen: terminal.buffer.active.type === 'alternate' };
    },
    cursor: () => ({
      column: terminal.buffer.active.cursorX,
      row: terminal.buffer.active.cursorY,
      hidden: raw.lastIndexOf('\x1b[?25l') > raw.lastIndexOf('\x1b[?25h'),
    }),
    styles(row) {
      const line = terminal.buffer.active.getLine(terminal.buffer.active.baseY + row);
      return Array.from({ length: terminal.cols }, (_, column) => {
        const cell = line?.getCell(column);
        return {
          character: cell?.getChars() ?? '',
          bold: Boolean(cell?.isBold()),
          dim: Boolean(cell?.isDim()),
          underline: Boolean(cell?.isUnderline()),
          color: cell?.isFgDefault() === false ? cell.getFgColor() : undefined,
        };
      });
    },
    title: () => title,
    marks: () =>
      marks.map(({ what, column, row }) => ({
        what,
        column,
        text: terminal.buffer.active.getLine(row())?.translateToString(true) ?? '',
      })),
    bells: () => bells,
    kill: (signal) => pty.kill(signal),
    [Symbol.dispose]() {
      try {
        pty.kill('SIGKILL');
      } catch {
        // It had already ended, which is all that was wanted.
      }
      terminal.dispose();
    },
  };
}
