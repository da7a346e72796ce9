import type { LendTerminal } from '../repl/runtime/terminal/run-at-terminal.ts';
import type { InkScreen } from './app.tsx';
import type { Scrollback } from './scrollback.ts';
import type { EndSignals } from './signals.ts';
import type { TakenTerminal } from './terminal-modes.ts';

export interface LenderParts {
  readonly scrollback: Scrollback;
  readonly terminal: TakenTerminal;
  readonly signals: EndSignals;
  readonly screen: Promise<InkScreen>;
  readonly keys: { readonly detach: () => void; readonly attach: () => Promise<void> };
}

/**
 * Gives the terminal to another program, as `$EDITOR`: nothing of ours is drawn, read or printed meanwhile. Output
 * that comes is kept and printed afterwards.
 */
export function createTerminalLender(parts: LenderParts): LendTerminal {
  const { scrollback, terminal, signals, keys } = parts;
  let lent = false;
  return async (body) => {
    // Ctrl-Z in the other program stops all of its group, and this process is of it.
    if (lent) return await body();
    lent = true;
    const { suspendTerminal } = await parts.screen;
    keys.detach();
    // Node stops to read the terminal a turn after the stream was paused.
    await new Promise(setImmediate);
    const hold = scrollback.hold();
    signals.setLent(true);
    try {
      await suspendTerminal(async () => {
        terminal.lend();
        try {
          await body();
        } finally {
          terminal.takeBack();
        }
      });
    } finally {
      signals.setLent(false);
      hold.release();
      await keys.attach();
      lent = false;
    }
  };
}
