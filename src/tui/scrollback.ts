import { sgrColour } from '../repl/output/palette.ts';
import { createPump, type Pump } from '../repl/output/pump.ts';
import { sanitiseText } from '../repl/output/sanitise-text.ts';
import type { Screen } from '../repl/runtime/terminal/screen.ts';
import type { Tone } from '../repl/state/effect.ts';
import { wrapWords } from '../repl/state/text/wrap-words.ts';
import type { LiveFrame } from './live-frame.ts';

const STYLES: Record<Tone, string> = {
  plain: '',
  dim: `\x1b[${sgrColour('muted')}m`,
  error: `\x1b[${sgrColour('failure')}m`,
};
/** Leaves the first row free: tmux keeps a copy of a frame that is erased from there. */
const CLEAR_SCREEN = '\x1b[H\x1b[2J\n';

export interface ScrollbackOptions {
  readonly print: LiveFrame['print'];
  readonly control: Screen['control'];
  readonly colour: boolean;
  /** The width of the screen now, cells. */
  readonly columns: () => number;
}

export interface Scrollback {
  readonly pump: Pump;
  readonly screen: Screen;
  /** Text of the REPL's own as whole lines, safe to print whatever it quotes. */
  readonly format: (text: string, tone: Tone) => string;
  /** While another program has the terminal nothing is printed. It is kept, and folded if too much. */
  readonly hold: () => { readonly release: () => void };
}

/** All that is printed above the live frame goes through one pump, so its order is the order of what happened. */
export function createScrollback({ print, control, colour, columns }: ScrollbackOptions): Scrollback {
  let held: Promise<void> | undefined;
  const writeOut = (text: string): void | Promise<void> => {
    if (held !== undefined) return held.then(() => writeOut(text));
    return print(text);
  };
  const pump = createPump({ write: writeOut });
  const format = (text: string, tone: Tone) => {
    const style = colour ? STYLES[tone] : '';
    const given = sanitiseText(text, { multiline: true }).split('\n');
    // Tables come wrapped, commands are for copying: what is left is prose.
    const lines = tone === 'plain' ? given : given.flatMap((line) => wrapLong(line, columns()));
    return `${lines.map((line) => (style === '' ? line : `${style}${line}\x1b[0m`)).join('\n')}\n`;
  };
  return {
    pump,
    format,
    hold() {
      const hold = Promise.withResolvers<void>();
      held = hold.promise;
      return {
        release() {
          held = undefined;
          hold.resolve();
        },
      };
    },
    screen: {
      control,
      printSafe: (lines) => pump.write(lines),
      print: (text, tone) => pump.write(format(text, tone)),
      clear: () => void pump.idle().then(() => writeOut(CLEAR_SCREEN)),
    },
  };
}

function wrapLong(line: string, width: number): string[] {
  return line.length < width ? [line] : wrapWords(line, width);
}
