import { isReader, READERS } from './readers.ts';
import { isWorkload, WORKLOADS } from './workload.ts';

/** What one reading cost its process. */
export interface Reading {
  /** ms on the clock. */
  readonly wallMs: number;
  /** ms of this process's CPU, its other threads included. */
  readonly cpuMs: number;
  /** Peak resident set of the process so far, bytes. */
  readonly peakRss: number;
}

/**
 * `node reader-process.ts READER URL WORKLOAD [ROUNDS]`: reads the workload so often and prints each reading as a
 * line of JSON. In a process of its own, so that nobody else's heap and compiled code are measured.
 */
const [reader, url, workload, rounds = '1'] = process.argv.slice(2);
if (!isReader(reader) || url === undefined || !isWorkload(workload)) throw new Error('READER URL WORKLOAD');
const { events, text } = WORKLOADS[workload];
const { read, close } = READERS[reader](url);
for (let round = 0; round < Number(rounds); round++) {
  const cpu = process.cpuUsage();
  const started = performance.now();
  const length = await read(workload);
  const wallMs = performance.now() - started;
  if (length !== events * text.length) {
    throw new Error(`${reader} read ${length} characters of ${workload}, ${events * text.length} were sent`);
  }
  const { user, system } = process.cpuUsage(cpu);
  const reading: Reading = {
    wallMs,
    cpuMs: (user + system) / 1000,
    peakRss: process.resourceUsage().maxRSS * 1024,
  };
  console.log(JSON.stringify(reading));
}
await close();
