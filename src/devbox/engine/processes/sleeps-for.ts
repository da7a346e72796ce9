import { closeSync, openSync, readFileSync, readSync } from 'node:fs';

/** What a process sleeps for, without a time limit. */
export interface Sleep {
  /** Descriptors of which it wants input. */
  readonly input: readonly number[];
  /** All others that would wake it. */
  readonly others: readonly number[];
}

type Arguments = readonly [number, number, number, number, number];
type Call = (pid: number, args: Arguments) => Sleep | undefined;
/** A thread that another one is to wake: a lock, a queue of work. */
const ASLEEP: Sleep = { input: [], others: [] };

const NO_LIMIT = -1;
const NULL = 0;
/** Events of input, as `poll` and `epoll` number them: IN, PRI, RDNORM. */
const INPUT_EVENTS = 0x1 | 0x2 | 0x40;
const BYTES_OF_POLLFD = 8;
/** A program that waits for more than that does not wait for a person. */
const MOST_DESCRIPTORS = 256;

const futex: Call = () => ASLEEP;
const read: Call = (_, [fd]) => ({ input: [fd], others: [] });
const poll: Call = (pid, [fds, count, limit]) =>
  asInt(limit) === NO_LIMIT ? pollfds(pid, fds, count) : undefined;
const ppoll: Call = (pid, [fds, count, limit]) => (limit === NULL ? pollfds(pid, fds, count) : undefined);
const select: Call = (pid, [count, readable, writable, , limit]) =>
  limit === NULL ? bitSets(pid, count, readable, writable) : undefined;
const epoll: Call = (pid, [fd, , , limit]) => (asInt(limit) === NO_LIMIT ? watched(pid, fd) : undefined);
const epoll2: Call = (pid, [fd, , , limit]) => (limit === NULL ? watched(pid, fd) : undefined);

/** By number, as the kernel's tables have them. */
const CALLS: Partial<Record<NodeJS.Architecture, Readonly<Record<string, Call>>>> = {
  x64: {
    0: read,
    7: poll,
    23: select,
    202: futex,
    232: epoll,
    270: select,
    271: ppoll,
    281: epoll,
    441: epoll2,
  },
  arm64: { 22: epoll, 63: read, 72: select, 73: ppoll, 98: futex, 441: epoll2 },
};

/**
 * What a thread sleeps for; undefined where it does not, or only for a time, or that is not known: on no Linux, of another
 * user's process. What `poll` and `select` were given is read from the process's memory, for which the
 * kernel asks no more than for telling which call it is in.
 *
 * @param thread the main one's id is the process's
 * @throws Error when the process has ended, or is not ours to look at
 */
export function sleepsFor(pid: number, thread = pid): Sleep | undefined {
  if (process.platform !== 'linux') return undefined;
  const [number = '', ...args] = readFileSync(`/proc/${pid}/task/${thread}/syscall`, 'latin1').split(' ');
  const [a = NULL, b = NULL, c = NULL, d = NULL, e = NULL] = args.map(Number);
  return CALLS[process.arch]?.[number]?.(pid, [a, b, c, d, e]);
}

function pollfds(pid: number, address: number, count: number): Sleep | undefined {
  if (count > MOST_DESCRIPTORS) return undefined;
  const bytes = memory(pid, address, count * BYTES_OF_POLLFD);
  const all = Array.from({ length: count }, (_, index) => ({
    fd: bytes.readInt32LE(index * BYTES_OF_POLLFD),
    events: bytes.readUInt16LE(index * BYTES_OF_POLLFD + 4),
  }));
  // A negative one is passed over by the kernel.
  return sorted(all.filter(({ fd }) => fd >= 0));
}

function bitSets(pid: number, count: number, readable: number, writable: number): Sleep | undefined {
  if (count > MOST_DESCRIPTORS) return undefined;
  const [input, others] = [readable, writable].map((address) => {
    if (address === NULL) return [];
    const bytes = memory(pid, address, Math.ceil(count / 8));
    return Array.from({ length: count }, (_, fd) => fd).filter(
      (fd) => ((bytes[fd >> 3] ?? 0) >> (fd & 7)) & 1,
    );
  });
  return { input: input ?? [], others: others ?? [] };
}

/** `tfd:        0 events:       19 data: …`, a line for each. */
function watched(pid: number, epollFd: number): Sleep {
  const lines = readFileSync(`/proc/${pid}/fdinfo/${epollFd}`, 'latin1').matchAll(
    /^tfd:\s*(\d+)\s+events:\s*([0-9a-f]+)/gm,
  );
  return sorted(
    [...lines].map(([, fd, events = '']) => ({ fd: Number(fd), events: Number.parseInt(events, 16) })),
  );
}

function sorted(all: readonly { readonly fd: number; readonly events: number }[]): Sleep {
  const isInput = ({ events }: { readonly events: number }) => (events & INPUT_EVENTS) !== 0;
  return {
    input: all.filter(isInput).map(({ fd }) => fd),
    others: all.filter((one) => !isInput(one)).map(({ fd }) => fd),
  };
}

function memory(pid: number, address: number, length: number): Buffer {
  const bytes = Buffer.alloc(length);
  const file = openSync(`/proc/${pid}/mem`, 'r');
  try {
    readSync(file, bytes, 0, length, address);
  } finally {
    closeSync(file);
  }
  return bytes;
}

/** A register holds a C `int` in its lower half. */
function asInt(register: number): number {
  return Number(BigInt.asIntN(32, BigInt(register)));
}
