import { randomUUID } from 'node:crypto';

/** An id that nobody can guess, marked with what it names: `exec_…`, `dbx_…`. */
export function newId(kind: 'exec' | 'dbx'): string {
  return `${kind}_${randomUUID().replaceAll('-', '')}`;
}
