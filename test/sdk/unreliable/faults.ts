import { pick, type Scenario } from './scenario.ts';

/** What goes wrong with a request. `done`: it was carried out all the same. */
export type RequestFault =
  | { readonly kind: 'drop before the body' }
  | {
      readonly kind:
        | 'drop after the body'
        | '408'
        | '502 page'
        | '200 page'
        | 'half an answer, then cut'
        | 'half an answer, then a clean end'
        | 'stall';
      readonly done: boolean;
    }
  | { readonly kind: '429' };

/** What goes wrong with a stream, after so many bytes of its body. */
export interface StreamFault {
  readonly kind: 'cut' | 'clean end' | 'idle time-out' | 'stall';
  readonly after: number;
}

/** Faults in a row on one route: a client gives up after more. */
const MOST_IN_A_ROW = 3;
/** A stalled request costs the client its whole time-out. */
const MOST_STALLS = 1;

const HALVES: readonly RequestFault[] = [
  { kind: 'half an answer, then cut', done: true },
  { kind: 'half an answer, then a clean end', done: true },
];

/** Draws what goes wrong, within what the scenario allows. */
export class Faults {
  readonly told: string[] = [];
  readonly #random: () => number;
  readonly #inARow = new Map<string, number>();
  #left: number;
  #stalls = MOST_STALLS;

  constructor({ random, faults }: Scenario) {
    this.#random = random;
    this.#left = faults;
  }

  /** @param isStream the answer would be a stream: a half one is a fault of the stream */
  ofRequest(route: string, isStream: boolean): RequestFault | undefined {
    if (!this.#takes(route)) return undefined;
    const done = this.#random() < 0.5;
    const fault = pick<RequestFault>(this.#random, [
      { kind: 'drop before the body' },
      { kind: 'drop after the body', done },
      { kind: '408', done },
      { kind: '429' },
      { kind: '502 page', done },
      { kind: '200 page', done },
      ...(isStream ? [] : HALVES),
      this.#mayStall() ? { kind: 'stall', done } : { kind: 'drop after the body', done },
    ]);
    this.#note(route, fault);
    return fault;
  }

  ofStream(route: string, kinds: readonly StreamFault['kind'][]): StreamFault | undefined {
    if (!this.#takes(route)) return undefined;
    const kind = pick(this.#random, kinds);
    const fault: StreamFault = {
      kind: kind === 'stall' && !this.#mayStall() ? 'cut' : kind,
      after: Math.floor(this.#random() ** 2 * 3000),
    };
    this.#note(route, fault);
    return fault;
  }

  /** Whether something harmless but odd is done here, such as sending a chunk twice. */
  odd(): boolean {
    return this.#random() < 0.2;
  }

  #takes(route: string): boolean {
    const inARow = this.#inARow.get(route) ?? 0;
    const takes = this.#left > 0 && inARow < MOST_IN_A_ROW && this.#random() < 0.6;
    this.#inARow.set(route, takes ? inARow + 1 : 0);
    if (takes) this.#left -= 1;
    return takes;
  }

  #mayStall(): boolean {
    return this.#stalls > 0 && this.#random() < 0.3;
  }

  #note(route: string, fault: RequestFault | StreamFault): void {
    if (fault.kind === 'stall') this.#stalls -= 1;
    this.told.push(`${route}: ${JSON.stringify(fault)}`);
  }
}
