/** An output as a server sends it: so many events of so many bytes each. */
export interface Workload {
  readonly events: number;
  /** The output in one event, as text. */
  readonly text: string;
}

const MIB = 1024 * 1024;
const LINE = '2026-01-05T12:00:00Z INFO worker 17: "GET /items" 200 in 12 ms\n';

/** Log lines, cut to so many bytes. */
function log(bytes: number): string {
  return LINE.repeat(Math.ceil(bytes / LINE.length)).slice(0, bytes);
}

export const WORKLOADS = {
  lines: { events: 400_000, text: LINE },
  chunks: { events: (64 * MIB) / 8192, text: log(8192) },
  /** As `chunks`, with a character of three bytes in each line. */
  'chunks-utf8': {
    events: (64 * MIB) / 8192,
    text: '2026-01-05T12:00:00Z ✓ worker 17 done\n'.repeat(204).slice(0, 7700),
  },
  '4 MB': { events: 1, text: log(4e6) },
  '8 MB': { events: 1, text: log(8e6) },
  '16 MB': { events: 1, text: log(16e6) },
  '1 GiB': { events: 1024 * 128, text: log(8192) },
} satisfies Record<string, Workload>;

export type WorkloadName = keyof typeof WORKLOADS;

export function isWorkload(name: string | undefined): name is WorkloadName {
  return name !== undefined && Object.hasOwn(WORKLOADS, name);
}

export const outputBytes = ({ events, text }: Workload) => events * Buffer.byteLength(text);
