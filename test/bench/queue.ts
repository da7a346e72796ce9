import { readFileSync } from 'node:fs';
import { createPlace } from '../helpers/repl.ts';
import { atMost, median, print, timed } from './report.ts';

const FEW = 100;
const MANY = Number(process.env.NSH_BENCH_LINES ?? 10_000);
const TIMES = 3;
/** Long enough for a busy machine. */
const PATIENCE_MS = 900_000;
/** Of Linux, ms. */
const CLOCK_TICK_MS = 10;

interface Cost {
  readonly wall: number;
  /** Of the REPL alone: what else the machine does is not in it. */
  readonly cpu: number;
}

/** Lines typed ahead at once, as a paste into a terminal without bracketed paste: ms for each, to the last one's end. */
async function perLine(lines: number): Promise<Cost> {
  using place = createPlace();
  using nsh = await place.open([], { columns: 100, rows: 30 });
  const text = Array.from({ length: lines }, (_, index) => `echo line ${index + 1}\r`).join('');
  const before = cpuOf(nsh.pid);
  const wall = await timed(async () => {
    nsh.write(text);
    await nsh.waitFor(new RegExp(`^line ${lines}\\n✓`, 'm'), PATIENCE_MS);
  });
  const cpu = cpuOf(nsh.pid) - before;
  const shown = [...nsh.history().matchAll(/^line (\d+)$/gm)].map(([, number]) => Number(number));
  if (shown.length !== lines || shown.some((number, index) => number !== index + 1)) {
    throw new Error(`Of ${lines} lines ${shown.length} were shown, or not in their order.`);
  }
  return { wall: wall / lines, cpu: cpu / lines };
}

/** User and system time, ms. */
function cpuOf(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\) /, '')
    .split(' ');
  return (Number(fields[11]) + Number(fields[12])) * CLOCK_TICK_MS;
}

/** What a command costs that waits among many, against one that waits among few, before and behind. */
export async function run(): Promise<void> {
  const few: Cost[] = [];
  for (let time = 0; time < TIMES; time++) few.push(await perLine(FEW));
  const many = await perLine(MANY);
  for (let time = 0; time < TIMES; time++) few.push(await perLine(FEW));
  for (const what of ['wall', 'cpu'] as const) {
    const little = median(few.map((cost) => cost[what]));
    const ratio = many[what] / little;
    print({ name: `${FEW} lines typed at once, each, ${what}`, value: `${little.toFixed(2)} ms` });
    print({ name: `${MANY} lines typed at once, each, ${what}`, value: `${many[what].toFixed(2)} ms` });
    print({ name: 'the same as a ratio', value: ratio.toFixed(2), target: atMost(1.3, ratio) });
  }
}
