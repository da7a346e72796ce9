import { describe, expect, it } from 'vitest';
import {
  answer,
  type Behaviour,
  event,
  events,
  pieces,
  type Received,
  raw,
  stall,
} from '../helpers/misbehaving-server.ts';
import { scripted } from './scripted.ts';
import {
  bytes,
  LAUNCH,
  offsets,
  onEventRoute,
  onRawRoute,
  RAW_ERR,
  RAW_OUT,
  SERVER,
  STATE,
  STDERR,
  STDOUT,
  WAIT,
} from './scripted-output.ts';
import { completed, embedded, running } from './views.ts';

const LINES = ['o', 'zwölf\n', '€ three\n', 'and four\n'];
const TEXT = LINES.join('');
const WHOLE = bytes(TEXT);

/** What a server means by an event's offset, and by the offset asked for. */
interface Meaning {
  readonly offsetOf: (start: number, end: number) => number | undefined;
  /** The first byte of a stream that is asked from N. */
  readonly firstByte: (asked: number) => number;
}

const MEANINGS: Record<string, Meaning> = {
  'the start of a chunk': { offsetOf: (start) => start, firstByte: (asked) => asked },
  'the end of a chunk': { offsetOf: (_start, end) => end, firstByte: (asked) => asked },
  'the last byte of a chunk, and the byte asked for is left out': {
    offsetOf: (_start, end) => end - 1,
    firstByte: (asked) => asked + 1,
  },
  'the start of a chunk, and the byte asked for is left out': {
    offsetOf: (start) => start,
    firstByte: (asked) => asked + 1,
  },
  'not given': { offsetOf: () => undefined, firstByte: (asked) => asked },
};

/** Serves the text from where it is asked, one event per line, and cuts after `count` of them. */
function serve({ offsetOf, firstByte }: Meaning, count: number): Behaviour {
  return async (response, received: Received) => {
    const asked = received.query.get('offset');
    const from = asked === null ? 0 : firstByte(Number(asked));
    const parts: string[] = [];
    let start = 0;
    for (const line of LINES) {
      const end = start + Buffer.byteLength(line);
      if (end > from) {
        const first = Math.max(start, from);
        parts.push(event(WHOLE.subarray(first, end).toString(), offsetOf(first, end)));
      }
      start = end;
    }
    await events(parts.slice(0, count), count < parts.length ? 'cut' : 'end')(response, received);
  };
}

describe.each(Object.entries(MEANINGS))('where the offset is %s', (_name, meaning) => {
  it.each([1, 2, 3])('every byte comes once over connections that are cut after %i events', async (count) => {
    const { shell } = await onEventRoute(serve(meaning, count));
    const chunks: string[] = [];
    await (await shell.execAsync('print', { stdout: (chunk) => chunks.push(chunk) })).result();
    expect(chunks.join('')).toBe(TEXT);
  });
});

/** The second line, from where it is asked. */
const serveRest: Behaviour = async (response, received) => {
  const asked = Number(received.query.get('offset'));
  const text = 'one\ntwo\n'.slice(asked);
  await events(text === '' ? [] : [event(text, asked)], 'end')(response, received);
};

describe('a connection that ends cleanly', () => {
  it('is not the end of the stream when the view speaks of more text', async () => {
    const { server, shell } = await scripted();
    const view = completed('one\ntwo\n');
    server
      .on(LAUNCH, answer(200, running()))
      .on(WAIT, answer(200, view))
      .on(STATE, answer(200, view))
      .on(STDERR, events([], 'end'))
      .on(STDOUT, events([], 'end'), events([event('one\n', 0)], 'end'), events([], 'end'), serveRest);
    const chunks: string[] = [];
    await (await shell.execAsync('print', { stdout: (chunk) => chunks.push(chunk) })).result();
    expect(chunks.join('')).toBe('one\ntwo\n');
  });

  it('is not the end when the last lines of the view have not come', async () => {
    const { server, shell } = await scripted();
    const view = completed('two\n', { stdout_truncated: true });
    server
      .on(LAUNCH, answer(200, running()))
      .on(WAIT, answer(200, view))
      .on(STATE, answer(200, view))
      .on(STDERR, events([], 'end'))
      .on(STDOUT, events([event('one\n', 0)], 'end'), events([], 'end'), serveRest);
    const chunks: string[] = [];
    await (await shell.execAsync('print', { stdout: (chunk) => chunks.push(chunk) })).result();
    expect(chunks.join('')).toBe('one\ntwo\n');
  });

  it('of raw bytes is not the end when there are more', async () => {
    const { server, shell } = await scripted();
    const nsh = { command: 'print', queued_at_ms: 0, stdout_bytes: 8, stderr_bytes: 0 };
    server
      .on(SERVER, answer(200, embedded))
      .on(LAUNCH, answer(200, running()))
      .on(STATE, answer(200, running()), answer(200, completed('', { nsh })))
      .on(RAW_OUT, raw([bytes('one')], 'end'), raw([bytes('\nt')], 'end', 3), raw([bytes('wo\n')], 'end', 5))
      .on(RAW_ERR, raw([], 'end'));
    const chunks: string[] = [];
    for await (const chunk of (await shell.execAsync('print')).stream('stdout')) chunks.push(chunk);
    expect(chunks.join('')).toBe('one\ntwo\n');
    expect(offsets(server.received(RAW_OUT))).toEqual(['0', '3', '5']);
  });
});

describe('a connection that brings nothing', () => {
  it('is given up after the idle time, and the stream goes on from the next byte', async () => {
    const { server, shell } = await scripted({ streamIdleMs: 1000 });
    server
      .on(LAUNCH, answer(200, running()))
      .on(WAIT, stall)
      .on(STATE, answer(200, running()), answer(200, completed('one\ntwo\n')))
      // Half open: it neither brings anything more nor ends.
      .on(STDOUT, events([event('one\n', 0)], 'open'), serveRest, events([], 'end'));
    const chunks: string[] = [];
    for await (const chunk of (await shell.execAsync('print')).stream('stdout')) chunks.push(chunk);
    expect(chunks.join('')).toBe('one\ntwo\n');
  });

  it('of raw bytes too', async () => {
    const { server, shell } = await scripted({ streamIdleMs: 1000 });
    server
      .on(SERVER, answer(200, embedded))
      .on(LAUNCH, answer(200, running()))
      .on(STATE, answer(200, running()), answer(200, completed('one\ntwo\n')))
      .on(RAW_OUT, raw([bytes('one\n')], 'open'), raw([bytes('two\n')], 'end', 4));
    const chunks: string[] = [];
    for await (const chunk of (await shell.execAsync('print')).stream('stdout')) chunks.push(chunk);
    expect(chunks.join('')).toBe('one\ntwo\n');
  });
});

describe("a proxy's page in place of a stream", () => {
  const page: Behaviour = pieces('text/html', ['<html>Login</html>'], 'end');

  it('is not an empty stream', async () => {
    const { shell } = await onEventRoute(page, events([event('one\n', 0)], 'end'), page, events([], 'end'));
    const chunks: string[] = [];
    await (await shell.execAsync('print', { stdout: (chunk) => chunks.push(chunk) })).result();
    expect(chunks.join('')).toBe('one\n');
  });

  it('is no output over the raw route', async () => {
    const { shell } = await onRawRoute(page, raw([bytes('one\n')], 'end'));
    const chunks: string[] = [];
    await (await shell.execAsync('print', { stdout: (chunk) => chunks.push(chunk) })).result();
    expect(chunks.join('')).toBe('one\n');
  });
});

describe('the idle time-out of a command that has completed', () => {
  const idle = 'event: error\ndata: {"code": "408", "message": "idle"}\n\n';

  it('is the end when all came that the view speaks of', async () => {
    const { server, shell } = await onEventRoute(
      events([event('one\n', 0), idle], 'end'),
      events([idle], 'end'),
    );
    const chunks = await Array.fromAsync((await shell.execAsync('print')).stream('stdout'));
    expect(chunks.join('')).toBe('one\n');
    expect(server.received(STDOUT)).toHaveLength(2);
  });

  it('is no hot loop when it comes at once', async () => {
    const { server, shell } = await scripted();
    server
      .on(LAUNCH, answer(200, running()))
      .on(STATE, answer(200, completed('one\ntwo\n')))
      .on(STDOUT, events([event('one\n', 0), idle], 'end'), events([idle], 'end'));
    const chunks = await Array.fromAsync((await shell.execAsync('print')).stream('stdout'));
    expect(chunks.join('')).toBe('one\n');
    expect(server.received(STDOUT).length).toBeLessThan(10);
  });
});

describe('a server that says how many bytes there are and sends fewer', () => {
  const nsh = { command: 'print', queued_at_ms: 0, cwd: '/', stdout_bytes: 8, stderr_bytes: 0 };

  async function printing(...stdout: Behaviour[]) {
    const { server, shell } = await scripted();
    server
      .on(SERVER, answer(200, embedded))
      .on(LAUNCH, answer(200, running()))
      .on(STATE, answer(200, completed('', { nsh })))
      .on(RAW_OUT, ...stdout);
    return (await shell.execAsync('print')).stream('stdout');
  }

  it('is asked again for the rest', async () => {
    const stream = await printing(raw([bytes('one\n')], 'end'), raw([bytes('one\ntwo\n')], 'end'));
    expect((await Array.fromAsync(stream)).join('')).toBe('one\ntwo\n');
  });

  it('is not believed: what is missing is an error', async () => {
    const stream = await printing(raw([bytes('one\n')], 'end'), raw([], 'end'));
    await expect(Array.fromAsync(stream)).rejects.toMatchObject({
      kind: 'protocol',
      message: expect.stringContaining('ends at byte 4 of 8'),
    });
  });
});
