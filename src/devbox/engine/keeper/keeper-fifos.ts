import { readdirSync } from 'node:fs';

export const FIRST_KEEPER_FIFO = 'keeper';

/** The FIFOs of a session's keepers, the newest last: one that takes another's place has one of its own. */
export function keeperFifos(dir: string): string[] {
  return readdirSync(dir)
    .filter((name) => /^keeper(\.\d+)?$/.test(name))
    .sort((a, b) => numberOf(a) - numberOf(b));
}

/** A name that no keeper has had that may still live. */
export function nextKeeperFifo(present: readonly string[]): string {
  return `${FIRST_KEEPER_FIFO}.${1 + Math.max(0, ...present.map(numberOf))}`;
}

/** 0 of the first. */
function numberOf(fifo: string): number {
  return Number(fifo.slice(FIRST_KEEPER_FIFO.length + 1));
}
