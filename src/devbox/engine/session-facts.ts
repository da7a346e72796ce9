import { closeSync, openSync, readFileSync, writeSync } from 'node:fs';
import type { BashForm } from './bash/bootstrap.ts';
import type { KeeperProcess } from './keeper/keeper.ts';
import type { ChildMark } from './processes/newest-child.ts';

/** The command that bash was given last; whether it is over, the journal tells. */
export interface CommandFacts {
  id: number;
  tag: string | undefined;
  /** Names of FIFOs in the session's folder. */
  stdout: string;
  stderr: string;
  /** stderr into stdout. */
  merged: boolean;
  stdin: string | undefined;
  stdinClosed: boolean;
  childrenBefore: ChildMark;
}

/** A FIFO that a background job of an earlier command has kept. */
export interface HeldFifo {
  fifo: string;
  stream: 'stdout' | 'stderr';
  tag: string | undefined;
}

/** All that another server must know to take a session over, besides what bash itself writes into the journal. */
export interface SessionFacts {
  pid: number;
  /** With the pid it names the process: see `ProcessRow.startedAt`. */
  startedAt: number;
  bashPath: string;
  form: BashForm;
  orphanLifeMs: number;
  /** Unset where the session has none, or its start time is not told. */
  keeper?: KeeperProcess | undefined;
  snapshotPath: string | undefined;
  cwd: string;
  lastStatus: number;
  errexit: boolean;
  command: CommandFacts | undefined;
  held: readonly HeldFifo[];
}

/** Two places, written in turn: a write that a SIGKILL cuts short leaves the one before it whole. */
const SLOT = 262_144;
/** Of each place so much is taken from the disk at once: on one that is full, a command can still free some space. */
const RESERVED = Buffer.alloc(16_384);

/**
 * The facts on disk, written before what they tell happens. A write is one `pwrite` to a kept fd, about 6 µs: it
 * is on every command's path.
 */
export class FactsFile {
  readonly current: SessionFacts;
  readonly #fd: number;
  #sequence: number;
  #closed = false;

  static create(path: string, facts: SessionFacts): FactsFile {
    const file = new FactsFile(openSync(path, 'wx', 0o600), facts, 0);
    try {
      writeFully(file.#fd, RESERVED, 0);
      writeFully(file.#fd, RESERVED, SLOT);
      file.save();
    } catch (error) {
      file.close();
      throw error;
    }
    return file;
  }

  /** @throws Error when there are none, or none that is whole. */
  static open(path: string): FactsFile {
    const { facts, sequence } = newest(path);
    return new FactsFile(openSync(path, 'r+'), facts, sequence);
  }

  private constructor(fd: number, facts: SessionFacts, sequence: number) {
    this.#fd = fd;
    this.current = facts;
    this.#sequence = sequence;
  }

  /** @throws Error when the disk does not take them */
  save(change: Partial<SessionFacts> = {}): void {
    Object.assign(this.current, change);
    const sequence = this.#sequence + 1;
    const bytes = Buffer.from(`${JSON.stringify({ sequence, facts: this.current, whole: sequence })}\n`);
    if (bytes.length > SLOT) throw new Error('The session has too many background jobs to keep note of.');
    if (this.#closed) return;
    writeFully(this.#fd, bytes, (sequence % 2) * SLOT);
    // Only now: until it is whole, the other place must stay as it is.
    this.#sequence = sequence;
  }

  /** Of what has happened already: a full disk costs the next server's knowledge, and nothing else. */
  note(change: Partial<SessionFacts>): void {
    try {
      this.save(change);
    } catch {
      // It is in `current`: the next that can be saved tells it too.
    }
  }

  close(): void {
    this.#closed = true;
    closeSync(this.#fd);
  }
}

/** A full disk may take a part of a write, and refuses the next one. */
function writeFully(fd: number, bytes: Uint8Array, position: number): void {
  for (let at = 0; at < bytes.length; ) at += writeSync(fd, bytes, at, bytes.length - at, position + at);
}

/** @throws Error when the file cannot be read or holds no whole facts. */
export function readFacts(path: string): SessionFacts {
  return newest(path).facts;
}

function newest(path: string): { facts: SessionFacts; sequence: number } {
  const bytes = readFileSync(path);
  const slots = [0, SLOT].flatMap((start) => parseSlot(bytes.subarray(start, start + SLOT)) ?? []);
  const last = slots.sort((a, b) => b.sequence - a.sequence)[0];
  if (!last) throw new Error(`${path} holds no facts of a session.`);
  return last;
}

function parseSlot(bytes: Buffer): { facts: SessionFacts; sequence: number } | undefined {
  const end = bytes.indexOf('\n');
  if (end < 0) return undefined;
  try {
    const slot = JSON.parse(bytes.toString('utf8', 0, end)) as {
      sequence: number;
      whole: number;
      facts: SessionFacts;
    };
    return slot.whole === slot.sequence ? slot : undefined;
  } catch {
    return undefined; // cut short by the server's death: the other slot counts
  }
}
