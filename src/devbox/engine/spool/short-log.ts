import {
  closeSync,
  existsSync,
  ftruncateSync,
  openSync,
  readFileSync,
  readSync,
  renameSync,
  writeSync,
} from 'node:fs';

/** It is rewritten when more than this of it, and more than half, belongs to nobody any more. */
const MOST_DEAD_BYTES = 4 * 2 ** 20;
const NEWLINE = 0x0a;
const HEADER = /^(\S+) (\d+) (\d+)$/;
const LONGEST_HEADER = 512;

/** A record's bytes in the file, the header with them. */
interface Place {
  readonly position: number;
  readonly length: number;
}

interface Entry {
  readonly places: Place[];
  /** Bytes of output. */
  size: number;
}

/** What a spool needs of the log. */
export class ShortOutput {
  readonly #log: ShortLog;
  readonly #key: string;

  constructor(log: ShortLog, key: string) {
    this.#log = log;
    this.#key = key;
  }

  /** @see ShortLog.read */
  read(): Uint8Array | undefined {
    return this.#log.read(this.#key);
  }

  /** @see ShortLog.append */
  append(bytes: Uint8Array): void {
    this.#log.append(this.#key, bytes);
  }

  /** @see ShortLog.forget */
  forget(): void {
    this.#log.forget(this.#key);
  }
}

/**
 * Short outputs of many commands, one after the other in one file, on disk as soon as they are appended: to make a file for
 * each costs 300 µs on ext4, more than a short command itself, and a write to this one 2 µs.
 *
 * A record is a line, `key offset length`, then that many bytes and a line break. A record that a kill cut short is the last,
 * and is dropped.
 */
export class ShortLog {
  readonly #path: string;
  readonly #entries = new Map<string, Entry>();
  #fd: number | undefined;
  #end = 0;
  #liveBytes = 0;

  /** Nothing is read or made before it is needed, unless it is there. */
  constructor(path: string) {
    this.#path = path;
    if (existsSync(path)) this.#load();
  }

  /** One output's part of it. */
  output(key: string): ShortOutput {
    return new ShortOutput(this, key);
  }

  /** Of what is there. */
  keys(): Iterable<string> {
    return this.#entries.keys();
  }

  /** The output of that key from its beginning; undefined when there is none. */
  read(key: string): Uint8Array | undefined {
    const entry = this.#entries.get(key);
    if (entry === undefined) return undefined;
    return Buffer.concat(entry.places.map((place) => outputOf(this.#read(place))));
  }

  /**
   * Adds to the output of that key; it is on disk then.
   *
   * @throws Error when the disk does not take it; nothing of it is there then
   */
  append(key: string, bytes: Uint8Array): void {
    const entry = this.#entries.get(key) ?? { places: [], size: 0 };
    const record = recordOf(key, entry.size, bytes);
    this.#fd ??= openSync(this.#path, 'wx+', 0o600);
    try {
      writeWhole(this.#fd, record, this.#end);
    } catch (error) {
      ftruncateSync(this.#fd, this.#end);
      throw error;
    }
    this.#add(key, entry, { position: this.#end, length: record.length }, bytes.length);
  }

  /** Its bytes go with the next rewriting. */
  forget(key: string): void {
    const entry = this.#entries.get(key);
    if (entry === undefined) return;
    this.#entries.delete(key);
    for (const { length } of entry.places) this.#liveBytes -= length;
    const dead = this.#end - this.#liveBytes;
    if (dead > MOST_DEAD_BYTES && dead > this.#liveBytes) this.#rewrite();
  }

  close(): void {
    if (this.#fd !== undefined) closeSync(this.#fd);
    this.#fd = undefined;
    this.#entries.clear();
  }

  #load(): void {
    const fd = openSync(this.#path, 'r+');
    this.#fd = fd;
    const file = readFileSync(fd);
    for (;;) {
      const found = recordAt(file, this.#end);
      if (found === undefined) break;
      const { key, offset, bytes, length } = found;
      // One that begins anew replaces what a rewriting of another version, or a key used again, left.
      const known = offset === 0 ? undefined : this.#entries.get(key);
      this.#add(key, known ?? { places: [], size: 0 }, { position: this.#end, length }, bytes);
    }
    if (file.length > this.#end) ftruncateSync(fd, this.#end);
  }

  #add(key: string, entry: Entry, place: Place, bytes: number): void {
    entry.places.push(place);
    entry.size += bytes;
    this.#entries.set(key, entry);
    this.#end += place.length;
    this.#liveBytes += place.length;
  }

  #read({ position, length }: Place): Buffer {
    const record = Buffer.allocUnsafe(length);
    if (this.#fd === undefined || readSync(this.#fd, record, 0, length, position) < length) {
      throw new Error(`${this.#path} was cut from outside: a short output in it is lost.`);
    }
    return record;
  }

  /** A failure leaves it as it is: it only takes more of the disk. */
  #rewrite(): void {
    const fresh = `${this.#path}.new`;
    let fd: number | undefined;
    try {
      fd = openSync(fresh, 'w+', 0o600);
      const entries = [...this.#entries].map(([key, { places, size }]) => ({ key, places, size }));
      let end = 0;
      const moved = entries.map(({ key, places, size }) => {
        const at = places.map((place) => {
          const record = this.#read(place);
          writeWhole(fd as number, record, end);
          end += record.length;
          return { position: end - record.length, length: record.length };
        });
        return [key, { places: at, size }] as const;
      });
      renameSync(fresh, this.#path);
      if (this.#fd !== undefined) closeSync(this.#fd);
      this.#fd = fd;
      this.#end = end;
      for (const [key, entry] of moved) this.#entries.set(key, entry);
    } catch {
      if (fd !== undefined) closeSync(fd);
    }
  }
}

function recordOf(key: string, offset: number, bytes: Uint8Array): Buffer {
  return Buffer.concat([Buffer.from(`${key} ${offset} ${bytes.length}\n`), bytes, Buffer.of(NEWLINE)]);
}

function recordAt(file: Buffer, start: number) {
  const line = file.subarray(start, start + LONGEST_HEADER).indexOf(NEWLINE);
  const header = line < 0 ? null : HEADER.exec(file.toString('latin1', start, start + line));
  const [, key, offset, bytes] = header ?? [];
  if (key === undefined) return undefined;
  const length = line + 1 + Number(bytes) + 1;
  if (file[start + length - 1] !== NEWLINE) return undefined;
  return { key, offset: Number(offset), bytes: Number(bytes), length };
}

function outputOf(record: Buffer): Buffer {
  return record.subarray(record.indexOf(NEWLINE) + 1, -1);
}

function writeWhole(fd: number, bytes: Uint8Array, position: number): void {
  for (let done = 0; done < bytes.length; ) {
    done += writeSync(fd, bytes, done, bytes.length - done, position + done);
  }
}
