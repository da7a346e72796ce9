/** Killed texts, the newest last. Consecutive kills grow the newest one, as in Emacs. */
export type KillRing = readonly string[];

const MAX_KILLS = 32;

/**
 * @param join what the last command did: 'after' and 'before' grow the newest entry at that end, since the kill
 *   before it went in that direction; undefined begins an entry.
 */
export function addKill(ring: KillRing, killed: string, join: 'after' | 'before' | undefined): KillRing {
  if (killed === '') return ring;
  const newest = ring.at(-1);
  if (join === undefined || newest === undefined) return [...ring, killed].slice(-MAX_KILLS);
  return [...ring.slice(0, -1), join === 'after' ? newest + killed : killed + newest];
}

/** @param age 0 is the newest; older ones wrap around to it. */
export function killedText(ring: KillRing, age: number): string | undefined {
  return ring.length === 0 ? undefined : ring[ring.length - 1 - (age % ring.length)];
}
