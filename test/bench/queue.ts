import { createPlace } from '../helpers/repl.ts';
import { atMost, median, print, timed } from './report.ts';

const FEW = 100;
const MANY = Number(process.env.NSH_BENCH_LINES ?? 10_000);
const TIMES = 5;
/** Long enough for what is slow by design on a busy machine. */
const PATIENCE_MS = 900_000;

/** Lines typed ahead at once, as a paste into a terminal without bracketed paste: until the last one's end is shown. */
async function perLine(lines: number, times: number): Promise<number> {
  using place = createPlace();
  const taken: number[] = [];
  for (let time = 0; time < times; time++) {
    using nsh = await place.open([`shell-${time}`], { columns: 100, rows: 30 });
    const text = Array.from({ length: lines }, (_, index) => `echo line ${index + 1}\r`).join('');
    const ms = await timed(async () => {
      nsh.write(text);
      await nsh.waitFor(new RegExp(`^line ${lines}\\n✓`, 'm'), PATIENCE_MS);
    });
    const shown = [...nsh.history().matchAll(/^line (\d+)$/gm)].map(([, number]) => Number(number));
    if (shown.length !== lines || shown.some((number, index) => number !== index + 1)) {
      throw new Error(`Of ${lines} lines ${shown.length} were shown, or not in their order.`);
    }
    taken.push(ms / lines);
  }
  return median(taken);
}

/** What a command costs that waits among many, against one that waits among few. */
export async function run(): Promise<void> {
  const few = await perLine(FEW, TIMES);
  print({ name: `${FEW} lines typed at once, each`, value: `${few.toFixed(2)} ms` });
  const many = await perLine(MANY, 1);
  const ratio = many / few;
  print({ name: `${MANY} lines typed at once, each`, value: `${many.toFixed(2)} ms` });
  print({ name: 'the same as a ratio', value: ratio.toFixed(2), target: atMost(1.3, ratio) });
}
