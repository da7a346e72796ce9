/** What bash reports over the status FIFO. The cwd is `$PWD`, decoded as UTF-8 (other bytes become U+FFFD). */
export type StatusRecord =
  | { type: 'ready'; pid: number; flags: string; cwd: string }
  | { type: 'begin'; id: number }
  | { type: 'end'; id: number; exitStatus: number; flags: string; cwd: string }
  | { type: 'sync'; number: number; cwd: string }
  /** The idle snapshot is complete. */
  | { type: 'snapshot'; number: number }
  /** The keeper has done what it was told about a descriptor. */
  | { type: 'kept'; fd: number };

/** Cuts the status FIFO's bytes into records. They end in NUL, because a path may hold any other byte. */
export class StatusRecords {
  #rest: Buffer = Buffer.alloc(0);

  /** `chunk` is not kept: it may be a buffer that the next read fills again. */
  push(chunk: Uint8Array): StatusRecord[] {
    const bytes = Buffer.concat([this.#rest, chunk]);
    const records: StatusRecord[] = [];
    let from = 0;
    for (let at = bytes.indexOf(0); at >= 0; at = bytes.indexOf(0, from)) {
      const record = parseRecord(bytes.toString('utf8', from, at));
      if (record) records.push(record);
      from = at + 1;
    }
    this.#rest = bytes.subarray(from);
    return records;
  }
}

/** Undefined for anything that is no record: a command of the user may find the FIFO and write into it. */
function parseRecord(text: string): StatusRecord | undefined {
  const match = /^(?:R (\d+) (\S*) |B (\d+)$|E (\d+) (\d+) (\S*) |N (\d+)$|K (\d+)$|S (\d+) )/.exec(text);
  if (!match) return undefined;
  const [head, pid, flags = '', begun, ended, exitStatus, endFlags = '', snapshot, kept, sync] = match;
  const cwd = text.slice(head.length);
  if (pid !== undefined) return { type: 'ready', pid: Number(pid), flags, cwd };
  if (begun !== undefined) return { type: 'begin', id: Number(begun) };
  if (ended !== undefined) {
    return { type: 'end', id: Number(ended), exitStatus: Number(exitStatus), flags: endFlags, cwd };
  }
  if (snapshot !== undefined) return { type: 'snapshot', number: Number(snapshot) };
  if (kept !== undefined) return { type: 'kept', fd: Number(kept) };
  return { type: 'sync', number: Number(sync), cwd };
}
