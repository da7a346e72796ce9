import { readFileSync } from 'node:fs';

/** What SIGINT does to a process: it ends it, is handled by it (or ignored or held back), or nobody can tell. */
export type SigintDisposition = 'ends it' | 'handled' | 'unknown';

const SIGINT_BIT = 1n << 1n;

/** From /proc; `unknown` when the process is gone or the system has no /proc. */
export function sigintDisposition(pid: number): SigintDisposition {
  let status: string;
  try {
    status = readFileSync(`/proc/${pid}/status`, 'latin1');
  } catch {
    return 'unknown';
  }
  const masks = ['SigIgn', 'SigCgt', 'SigBlk'].map(
    (name) => new RegExp(`^${name}:\\s*([0-9a-f]+)`, 'm').exec(status)?.[1],
  );
  if (masks.includes(undefined)) return 'unknown';
  return masks.some((mask) => BigInt(`0x${mask}`) & SIGINT_BIT) ? 'handled' : 'ends it';
}
