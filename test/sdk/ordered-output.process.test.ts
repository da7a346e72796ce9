import { spawnSync } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import {
  GAP_FRAME_BYTES,
  ORDERED_OUTPUT_CAPABILITY,
  ORDERED_OUTPUT_TYPE,
  writeFrameHeader,
  writeGapFrame,
} from '../../src/api/extension/ordered-output.ts';
import { LOCAL_DEVBOX_ID } from '../../src/api/extension/server.ts';
import { DevboxClient } from '../../src/sdk/client.ts';
import type { Execution } from '../../src/sdk/execution.ts';
import { startTestDevbox } from '../helpers/devbox-server.ts';
import { answer, pieces, raw, stall } from '../helpers/misbehaving-server.ts';
import { scripted } from './scripted.ts';
import { bytes, LAUNCH, RAW_ERR, RAW_OUT, SERVER, STATE, WAIT } from './scripted-output.ts';
import { completed, embedded, running } from './views.ts';

const ORDERED = 'GET /output';
type Stream = 'stdout' | 'stderr';

async function realShell() {
  const devbox = await startTestDevbox();
  const client = new DevboxClient({ socketPath: devbox.server.socketPath ?? '' });
  onTestFinished(async () => {
    await client.close();
    await devbox[Symbol.asyncDispose]();
  });
  return { home: devbox.home, shell: client.devbox.fromId(LOCAL_DEVBOX_ID).shell('main') };
}

/** Both streams as one text, stderr in brackets. */
async function textOf(execution: Execution): Promise<string> {
  let text = '';
  for await (const { stream, bytes } of execution.chunks()) {
    const part = Buffer.from(bytes).toString();
    text += stream === 'stdout' ? part : `[${part}]`;
  }
  return text;
}

describe('both streams of real bash', () => {
  it('come in their order to callbacks that are slower than the command, and to who comes later', async () => {
    const { shell, home } = await realShell();
    const go = join(home, 'go');
    spawnSync('mkfifo', [go]);
    let seen = '';
    const take = (stream: Stream) => (chunk: string) => {
      seen += stream === 'stdout' ? chunk : `[${chunk}]`;
      return stream === 'stdout' ? new Promise<void>((done) => setImmediate(done)) : writeFile(go, '\n');
    };
    const execution = await shell.execAsync('seq 200000; echo oops >&2; read <go; echo on', {
      stdout: take('stdout'),
      stderr: take('stderr'),
    });
    await execution.result();
    expect(seen.slice(-30)).toMatch(/\n199999\n200000\n\[oops\n\]on\n$/);
    expect(await textOf(execution)).toBe(seen);
  });

  it('come live, one at a time, however they take turns', async () => {
    const { shell, home } = await realShell();
    const fifo = join(home, 'go');
    spawnSync('mkfifo', [fifo]);
    // Each word is written when the one before it was seen; a character that is not whole holds up nothing.
    const command = `exec 3<>go; for word in a b c d e f; do read -r stream <&3
      [ $stream = stdout ] && printf "%s\\\\xe2\\\\x82" $word || printf %s $word >&2; done; exec 3>&-`;
    const execution = await shell.execAsync(command);
    const wanted: Stream[] = ['stderr', 'stdout', 'stderr', 'stderr', 'stdout', 'stderr'];
    const seen: Stream[] = [];
    await writeFile(fifo, `${wanted[0]}\n`);
    for await (const { stream } of execution.chunks()) {
      seen.push(stream);
      const next = wanted[seen.length];
      if (next !== undefined) await writeFile(fifo, `${next}\n`);
    }
    expect(seen).toEqual(wanted);
  });

  it.runIf(process.platform === 'linux')(
    'of builtins alone, which are over before anybody looks, mostly come in their order too',
    async () => {
      const { shell } = await realShell();
      // All of it is there before the server looks: mostly it can tell, and without the order it never could.
      let right = 0;
      for (let round = 0; round < 20; round++) {
        const text = await textOf(await shell.execAsync('cd nosuch; echo here'));
        right += Number(/^\[.*nosuch.*\n\]here\n$/.test(text));
      }
      expect(right).toBeGreaterThan(10);
    },
  );
});

const frame = (stream: Stream, text: string) => {
  const whole = Buffer.alloc(8 + Buffer.byteLength(text));
  writeFrameHeader(whole, 0, stream, whole.length - 8);
  whole.write(text, 8);
  return whole;
};
const gap = (stream: Stream, from: number, to: number) => {
  const whole = Buffer.alloc(GAP_FRAME_BYTES);
  writeGapFrame(whole, 0, { stream, from, to });
  return whole;
};
const frames = (parts: readonly Uint8Array[], ending: 'end' | 'cut' | 'open') =>
  pieces(ORDERED_OUTPUT_TYPE, parts, ending);
const telling = { ...embedded, capabilities: [...embedded.capabilities, ORDERED_OUTPUT_CAPABILITY] };

/** How much there is, as the embedded devbox says it. */
const whole = (stdout_bytes: number, stderr_bytes: number) =>
  completed('', { nsh: { command: 'x', queued_at_ms: 0, stdout_bytes, stderr_bytes } });

async function onOrderedRoute(...behaviours: ReturnType<typeof frames>[]) {
  const setting = await scripted();
  setting.server
    .on(LAUNCH, answer(200, running()))
    .on(SERVER, answer(200, telling))
    .on(ORDERED, ...behaviours);
  return setting;
}

describe('both streams', () => {
  it('go on from the next byte of each after a cut inside a frame, and tell of a gap in its place', async () => {
    const { server, shell } = await onOrderedRoute(
      frames(
        [frame('stdout', 'one\n'), frame('stderr', 'err'), frame('stdout', 'two').subarray(0, 9)],
        'cut',
      ),
      frames([frame('stdout', 'wo\n'), gap('stderr', 3, 100), frame('stderr', '!').subarray(0, 5)], 'cut'),
      frames([frame('stderr', '!\n')], 'end'),
    );
    server.on(WAIT, answer(200, whole(8, 102))).on(STATE, answer(200, whole(8, 102)));
    const seen: string[] = [];
    const execution = await shell.execAsync('print', {
      stdout: (chunk) => seen.push(`out ${chunk}`),
      stderr: (chunk) => seen.push(`err ${chunk}`),
      onGap: ({ stream, bytes: missing }) => seen.push(`${stream} ${missing}`),
    });
    await execution.result();
    expect(seen).toEqual(['out one\n', 'err err', 'out t', 'out wo\n', 'stderr 97', 'err !\n']);
    const asked = server.received(ORDERED).map(({ query }) => Object.fromEntries(query));
    expect(asked).toEqual([
      { stdout_offset: '0', stderr_offset: '0' },
      { stdout_offset: '5', stderr_offset: '3' },
      { stdout_offset: '8', stderr_offset: '100' },
    ]);
  });

  it('that end before all came of which the view speaks are asked for again', async () => {
    const { server, shell } = await onOrderedRoute(
      frames([frame('stdout', 'a')], 'end'),
      frames([frame('stderr', 'b')], 'end'),
    );
    server.on(STATE, answer(200, whole(1, 1))).on(WAIT, answer(200, whole(1, 1)));
    expect(await textOf(await shell.execAsync('print'))).toBe('a[b]');
  });

  it('go on apart where another server answers that does not tell the order', async () => {
    const { server, client, shell } = await scripted();
    server
      .on(SERVER, answer(200, telling), answer(200, embedded))
      .on(LAUNCH, answer(200, running()))
      .on(ORDERED, frames([frame('stdout', 'ab'), frame('stderr', 'cd')], 'cut'))
      .on(STATE, answer(200, whole(4, 3)))
      .on(WAIT, stall)
      .on(RAW_OUT, raw([bytes('AB')], 'end', 2))
      .on(RAW_ERR, raw([bytes('C')], 'end', 2));
    const seen: Record<Stream, string> = { stdout: '', stderr: '' };
    const execution = await shell.execAsync('print');
    for await (const { stream, bytes: part } of execution.chunks()) seen[stream] += Buffer.from(part);
    expect(seen).toEqual({ stdout: 'abAB', stderr: 'cdC' });
    await client.close();
  });

  it('are refused, and never waited for, where a gap comes without its offsets', async () => {
    const empty = frame('stdout', '');
    empty.writeUInt8(17, 0);
    const { server, shell } = await onOrderedRoute(
      frames([frame('stdout', 'a'), empty, frame('stdout', 'b')], 'end'),
    );
    server.on(STATE, answer(200, whole(2, 0))).on(WAIT, answer(200, whole(2, 0)));
    await expect(textOf(await shell.execAsync('print'))).rejects.toMatchObject({
      kind: 'protocol',
      message: expect.stringContaining('the frame of a gap is 0 bytes long'),
    });
  });

  it('never go back behind what came, whatever a gap says', async () => {
    const { server, shell } = await onOrderedRoute(
      frames([frame('stdout', 'abc'), gap('stdout', 0, 1), frame('stdout', 'd')], 'cut'),
      frames([frame('stdout', 'e')], 'end'),
    );
    server.on(STATE, answer(200, whole(5, 0))).on(WAIT, answer(200, whole(5, 0)));
    expect(await textOf(await shell.execAsync('print'))).toBe('abcde');
    expect(server.received(ORDERED).map(({ query }) => query.get('stdout_offset'))).toEqual(['0', '4']);
  });

  it('close their connection when the loop is left', async () => {
    const { server, shell } = await onOrderedRoute(
      frames([frame('stdout', 'a'), frame('stderr', 'b')], 'open'),
    );
    server.on(WAIT, stall);
    for await (const { stream } of (await shell.execAsync('sleep 60')).chunks()) {
      if (stream === 'stderr') break;
    }
    await server.quiet();
  });
});
