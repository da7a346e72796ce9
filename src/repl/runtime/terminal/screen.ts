import type { Tone } from '../../state/effect.ts';

/** Where lines go that are no command's output. */
export interface Screen {
  print(text: string, tone: Tone): void;
  /** Whole lines that are safe already, with styles of the REPL's own. */
  printSafe(lines: string): void;
  clear(): void;
  /** A sequence for the terminal that shows nothing and moves nothing. */
  control(sequence: string): void;
}
