import { describe, expect, it } from 'vitest';
import { answer, type Behaviour, event, events, raw, stall } from '../helpers/misbehaving-server.ts';
import { scripted } from './scripted.ts';
import {
  bytes,
  LAUNCH,
  offsets,
  onEventRoute,
  onRawRoute,
  RAW_OUT,
  SERVER,
  STATE,
  STDOUT,
  WAIT,
} from './scripted-output.ts';
import { completed, running } from './views.ts';

describe('callbacks over the raw route', () => {
  it('get characters whole that were cut between two chunks, and between two connections', async () => {
    const text = bytes('né€😀!');
    const { server, shell } = await onRawRoute(
      raw([text.subarray(0, 2)], 'cut'),
      raw([text.subarray(2, 4), text.subarray(4, 8)], 'cut', 2),
      raw([text.subarray(8)], 'end', 8),
    );
    const chunks: string[] = [];
    const execution = await shell.execAsync('print', { stdout: (chunk) => chunks.push(chunk) });
    await execution.result();
    expect(chunks.join('')).toBe('né€😀!');
    expect(chunks.join('')).not.toContain('\ufffd');
    expect(offsets(server.received(RAW_OUT))).toEqual(['0', '2', '8']);
  });

  it('keep a byte order mark and show what is no UTF-8', async () => {
    const { shell } = await onRawRoute(raw([Buffer.from([0xef, 0xbb, 0xbf, 0x61, 0xff, 0xe2])], 'end'));
    const chunks: string[] = [];
    await (await shell.execAsync('print', { stdout: (chunk) => chunks.push(chunk) })).result();
    expect(chunks.join('')).toBe('\ufeffa\ufffd\ufffd');
  });

  it('skip what a server sends again before the asked offset', async () => {
    const { shell } = await onRawRoute(raw([bytes('abc')], 'cut'), raw([bytes('abcdef')], 'end', 0));
    const chunks: string[] = [];
    await (await shell.execAsync('print', { stdout: (chunk) => chunks.push(chunk) })).result();
    expect(chunks.join('')).toBe('abcdef');
  });

  it('ask once for the kind of server', async () => {
    const { server, shell } = await onRawRoute(raw([bytes('a')], 'end'));
    for (let run = 0; run < 3; run++) await (await shell.execAsync('x', { output: () => {} })).result();
    expect(server.received(SERVER)).toHaveLength(1);
  });
});

describe('callbacks over server-sent events', () => {
  const lines = ['one\n', 'zwölf\n', 'three\n'];
  const starts = [0, 4, 11];
  const [one = '', two = '', three = ''] = lines.map((line, index) => event(line, starts[index]));

  async function collect(...stdout: Behaviour[]) {
    const { server, shell } = await onEventRoute(...stdout);
    const chunks: string[] = [];
    await (await shell.execAsync('print', { stdout: (chunk) => chunks.push(chunk) })).result();
    return { text: chunks.join(''), offsets: offsets(server.received(STDOUT)) };
  }

  it('resume from the next byte after a cut inside an event', async () => {
    const { text, offsets } = await collect(
      events([one, two.slice(0, 15)], 'cut'),
      // Asked for one byte earlier, to see whether that byte comes.
      events([event('\n', 3), two, three], 'end'),
      events([], 'end'),
    );
    expect(text).toBe(lines.join(''));
    expect(offsets).toEqual([null, '3', '17']);
  });

  it('resume from the next byte after a cut inside a character', async () => {
    const wire = bytes(two);
    const inside = wire.indexOf(bytes('ö')) + 1;
    const { text } = await collect(
      events([one, wire.subarray(0, inside)], 'cut'),
      events([two, three], 'end'),
      events([], 'end'),
    );
    expect(text).toBe(lines.join(''));
  });

  it('read on after an end that came before the command was over', async () => {
    const { server, shell } = await scripted();
    server
      .on(LAUNCH, answer(200, running()))
      .on(WAIT, stall)
      .on(STATE, answer(200, running()), answer(200, completed('', { stdout_truncated: true })))
      .on(STDOUT, events([one], 'end'), events([event('\n', 3), two, three], 'end'), events([], 'end'));
    const chunks: string[] = [];
    const execution = await shell.execAsync('print', { stdout: (chunk) => chunks.push(chunk) });
    await execution.result();
    expect(chunks.join('')).toBe(lines.join(''));
    expect(offsets(server.received(STDOUT))).toEqual([null, '3', '17']);
  });

  it('connect again after the idle time-out', async () => {
    const idle = 'event: error\ndata: {"code": "408", "message": "idle"}\n\n';
    const { text } = await collect(
      events([one, idle], 'end'),
      events([two, three], 'end'),
      events([], 'end'),
    );
    expect(text).toBe(lines.join(''));
  });

  it.each([
    ['start', starts],
    ['end', [4, 11, 17]],
  ])('drop what comes twice, where the offset is the %s of a chunk', async (_name, at) => {
    const [a = '', b = '', c = ''] = lines.map((line, index) => event(line, at[index]));
    const { text } = await collect(events([a, b], 'cut'), events([a, b, c], 'end'), events([b, c], 'end'));
    expect(text).toBe(lines.join(''));
  });

  it('drop the part of a chunk that came before, by bytes', async () => {
    const { text } = await collect(
      events([event('zwö', 0)], 'cut'),
      events([event('wölf', 1)], 'end'),
      events([], 'end'),
    );
    expect(text).toBe('zwölf');
  });

  it('count for themselves where events have no offset', async () => {
    const bare = lines.map((line) => event(line));
    const { text, offsets } = await collect(
      events(bare.slice(0, 2), 'cut'),
      events(bare.slice(2), 'end'),
      events([], 'end'),
    );
    expect(text).toBe(lines.join(''));
    expect(offsets).toEqual([null, '11', '17']);
  });

  it.each([
    [
      'an error event',
      'event: error\ndata: {"code": "404", "message": "no such execution"}\n\n',
      'not_found',
    ],
    ['an event that is no output', 'data: <html>\n\n', 'protocol'],
  ])('end with %s', async (_name, bad, kind) => {
    const { shell } = await onEventRoute(events([one, bad], 'open'));
    const chunks: string[] = [];
    const execution = await shell.execAsync('print', { stdout: (chunk) => chunks.push(chunk) });
    await expect(execution.result()).rejects.toMatchObject({ kind });
    expect(chunks.join('')).toBe('one\n');
  });

  it('end with a 404', async () => {
    const { shell } = await onEventRoute(answer(404, { message: 'no such execution' }));
    const execution = await shell.execAsync('print', { stdout: () => {} });
    await expect(execution.result()).rejects.toMatchObject({ kind: 'not_found' });
  });
});
