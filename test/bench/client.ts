import { execFile, fork } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { promisify } from 'node:util';
import type { Reading } from './client/reader-process.ts';
import type { ReaderName } from './client/readers.ts';
import { outputBytes, WORKLOADS, type WorkloadName } from './client/workload.ts';

/** Each subject is read by turns, so that a noisy machine hits all; the best reading is the least disturbed one. */
const TURNS = 3;
/** Readings of one process: the first ones are its warm-up. The official client takes its time. */
const READINGS = { floor: 6, ours: 6, official: 2 };

const file = (name: string) => path.join(import.meta.dirname, 'client', name);

/** Reading output: our client, the official one and the floor, against one server in a process of its own. */
export async function run(): Promise<void> {
  const server = fork(file('output-server.ts'));
  const [port] = await once(server, 'message');
  const url = `http://127.0.0.1:${port}`;
  try {
    await throughput(url, 'lines', 'one line per event', 'events/s', WORKLOADS.lines.events, 8);
    await throughput(url, 'chunks', '8 KiB events', 'MB/s', outputBytes(WORKLOADS.chunks) / 1e6, 3);
    const utf8 = outputBytes(WORKLOADS['chunks-utf8']) / 1e6;
    await throughput(url, 'chunks-utf8', '8 KiB events, not ASCII', 'MB/s', utf8, undefined);
    await oneEvent(url);
    await oneGibibyte(url);
  } finally {
    server.disconnect();
  }
}

async function throughput(
  url: string,
  workload: WorkloadName,
  title: string,
  unit: string,
  amount: number,
  timesOfficial: number | undefined,
): Promise<void> {
  const best = { floor: { ...NOTHING }, ours: { ...NOTHING }, official: { ...NOTHING } };
  for (let turn = 0; turn < TURNS; turn++) {
    for (const reader of ['floor', 'ours', 'official'] as const) {
      for (const { wallMs, cpuMs } of await inProcess(reader, url, workload, READINGS[reader])) {
        best[reader].clock = Math.max(best[reader].clock, amount / (wallMs / 1000));
        best[reader].cpu = Math.max(best[reader].cpu, amount / (cpuMs / 1000));
      }
    }
  }
  console.log(title);
  for (const reader of ['floor', 'ours', 'official'] as const) {
    const [clock, cpu] = [best[reader].clock, best[reader].cpu].map((rate) =>
      Math.round(rate).toLocaleString('en'),
    );
    console.log(`  ${reader.padEnd(9)} ${clock} ${unit}, ${cpu} by seconds of CPU`);
  }
  if (timesOfficial === undefined) return;
  verdict('of the official client', ratio(best.ours, best.official), timesOfficial);
  verdict('of the floor', ratio(best.ours, best.floor), 0.7);
}

interface Rate {
  clock: number;
  /** By seconds of CPU: where the machine is busy, or the server the slower of both, the clock compares nothing. */
  cpu: number;
}
const NOTHING: Rate = { clock: 0, cpu: 0 };

/** The worse of both ratios. */
const ratio = (a: Rate, b: Rate) => Math.min(a.clock / b.clock, a.cpu / b.cpu);

/** Linear: twice the size takes twice the time; quadratic would be four times. */
async function oneEvent(url: string): Promise<void> {
  console.log('one event');
  const sizes = ['4 MB', '8 MB', '16 MB'] as const;
  const best: Record<string, number[]> = {};
  for (const reader of ['ours', 'official'] as const) {
    const times: number[] = [];
    for (const size of sizes) {
      const readings = await inProcess(reader, url, size, reader === 'official' ? 1 : READINGS.ours);
      times.push(Math.min(...readings.map(({ wallMs }) => wallMs)));
    }
    best[reader] = times;
    console.log(
      `  ${reader.padEnd(9)} ${sizes.map((size, i) => `${size} ${times[i]?.toFixed(0)} ms`).join(', ')}`,
    );
  }
  const [small = Number.NaN, , large = Number.NaN] = best.ours ?? [];
  verdict('16 MB to 4 MB, of 4 if linear', large / small, 6, 'at most');
}

async function oneGibibyte(url: string): Promise<void> {
  console.log('1 GiB in 8 KiB events');
  for (const reader of ['floor', 'ours', 'official'] as const) {
    const [reading] = await inProcess(reader, url, '1 GiB', 1);
    if (reading === undefined) throw new Error(`${reader} printed no reading`);
    const cpu = (reading.cpuMs / 1000).toFixed(1);
    console.log(
      `  ${reader.padEnd(9)} ${cpu} s of CPU, peak RSS ${Math.round(reading.peakRss / 2 ** 20)} MiB`,
    );
  }
}

async function inProcess(
  reader: ReaderName,
  url: string,
  workload: WorkloadName,
  rounds: number,
): Promise<Reading[]> {
  const args = [file('reader-process.ts'), reader, url, workload, String(rounds)];
  const { stdout } = await promisify(execFile)(process.execPath, args);
  return stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Reading);
}

function verdict(
  what: string,
  value: number,
  target: number,
  side: 'at least' | 'at most' = 'at least',
): void {
  const met = side === 'at least' ? value >= target : value <= target;
  console.log(`  ${value.toFixed(2)} ${what}: ${met ? 'met' : 'not met'} (${side} ${target})`);
  if (!met) process.exitCode = 1;
}
