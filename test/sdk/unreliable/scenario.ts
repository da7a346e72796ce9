import { seeded } from '../../devbox/engine/random-times.ts';

/** What the service means by `offset`. Which one the real one means is unproven. */
export type Reading = 'start' | 'end' | 'exclusive' | 'missing';
export type Stream = 'stdout' | 'stderr';

/** How the client is used. */
export type Use = 'exec' | 'exec with callbacks' | 'callbacks' | 'bytes' | 'stdin';

/** One run of one command through a service that fails at places of its own choice: all of it follows from the seed. */
export interface Scenario {
  readonly seed: number;
  readonly random: () => number;
  readonly use: Use;
  /** The embedded devbox: raw bytes, ids of requests. Otherwise the service. */
  readonly embedded: boolean;
  readonly reading: Reading;
  /** What the command prints, in its order. */
  readonly output: readonly { readonly stream: Stream; readonly text: string }[];
  readonly exitStatus: number;
  /** Most faults altogether. */
  readonly faults: number;
}

const ALPHABET = [...'ab0 {}":\\\n\n', 'é', 'ß', '€', '→', '😀', '\u0000', '\u001b', '\ufeff', '\u2028'];
const USES: readonly Use[] = ['exec', 'exec with callbacks', 'callbacks', 'bytes', 'stdin'];
const READINGS: readonly Reading[] = ['start', 'end', 'exclusive', 'missing'];

export function pick<T>(random: () => number, from: readonly T[]): T {
  return from[Math.floor(random() * from.length)] as T;
}

export function drawScenario(seed: number): Scenario {
  const random = seeded(seed);
  const chunks = Math.floor(random() * 25);
  return {
    seed,
    random,
    use: pick(random, USES),
    embedded: random() < 0.3,
    reading: pick(random, READINGS),
    output: Array.from({ length: chunks }, () => ({
      stream: random() < 0.7 ? 'stdout' : 'stderr',
      text: drawText(random),
    })),
    exitStatus: random() < 0.5 ? 0 : Math.floor(random() * 256),
    faults: Math.floor(random() * 12),
  };
}

function drawText(random: () => number): string {
  const length = 1 + Math.floor(random() < 0.1 ? random() * 20_000 : random() * 40);
  return Array.from({ length }, () => pick(random, ALPHABET)).join('');
}

export const producedBy = ({ output }: Scenario, stream: Stream): string =>
  output
    .filter((chunk) => chunk.stream === stream)
    .map(({ text }) => text)
    .join('');
