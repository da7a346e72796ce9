import { expect, onTestFinished, test } from 'vitest';
import { RAW_OUTPUT_CAPABILITY } from '../../src/api/extension/output.ts';
import { DevboxClient, LOCAL_DEVBOX_ID, type OutputGap } from '../../src/index.ts';
import { startSmallDevbox } from '../devbox/http/small-devbox.ts';
import { event, events } from '../helpers/misbehaving-server.ts';
import { onEventRoute } from './scripted-output.ts';

const CAP = 4 * 2 ** 20;
const BYTES = 40_000_000;
const FLOOD = `yes | head -c ${BYTES}; echo err >&2`;

/** A real command on a devbox that holds little of its output, which ended before anybody read it. */
async function flooded(...capabilities: string[]) {
  const devbox = await startSmallDevbox(CAP, capabilities);
  const client = new DevboxClient({ socketPath: devbox.server.socketPath ?? '' });
  onTestFinished(async () => {
    await client.close();
    await devbox[Symbol.asyncDispose]();
  });
  const shell = client.devbox.fromId(LOCAL_DEVBOX_ID).shell('main');
  const { executionId } = await shell.exec(FLOOD);
  return shell.execution(executionId);
}

test.each([
  ['server-sent events', []],
  ['raw bytes', [RAW_OUTPUT_CAPABILITY]],
])(
  'what the server no longer holds is told of, with its size, in its place, over %s',
  async (_name, capabilities) => {
    const execution = await flooded(...capabilities);
    const gaps: OutputGap[] = [];
    let received = 0;
    for await (const chunk of execution.bytes('stdout', { onGap: (gap) => gaps.push(gap) })) {
      // The gap is at the start here: it is told of before what comes behind it.
      expect(gaps).toHaveLength(1);
      received += chunk.byteLength;
    }
    const [gap] = gaps;
    expect(gap).toMatchObject({ stream: 'stdout', from: 0, bytes: BYTES - received, to: BYTES - received });
    expect(received).toBeGreaterThan(CAP / 2);
  },
);

test('nothing is missing in silence: without onGap the loop ends with an error', async () => {
  const execution = await flooded();
  const reading = Array.fromAsync(execution.stream('stdout'));
  await expect(reading).rejects.toMatchObject({ kind: 'output_gap' });
  const result = await execution.result();
  await expect(result.stdout()).rejects.toMatchObject({ kind: 'output_gap' });
  expect(await result.stdout(2)).toBe('y\ny');
  expect(await result.stderr()).toBe('err\n');
});

const gapEvent = `event: gap\ndata: ${JSON.stringify({ output: '', offset: 1004, from: 4, to: 1004 })}\n\n`;
const withGap = () =>
  onEventRoute(events([event('one\n', 0), gapEvent, event('two\n', 1004)], 'end'), events([], 'end'));

test('callbacks get the rest, and onGap the gap in its place', async () => {
  const { shell } = await withGap();
  const seen: string[] = [];
  const execution = await shell.execAsync('print', {
    stdout: (chunk) => seen.push(chunk),
    onGap: ({ stream, bytes, from, to }) => seen.push(`${stream} ${bytes} ${from} ${to}`),
  });
  await execution.result();
  expect(seen).toEqual(['one\n', 'stdout 1000 4 1004', 'two\n']);
});

test('callbacks without onGap get the rest, then the result is an error', async () => {
  const { shell } = await withGap();
  const seen: string[] = [];
  const execution = await shell.execAsync('print', { stdout: (chunk) => seen.push(chunk) });
  await expect(execution.result()).rejects.toMatchObject({
    kind: 'output_gap',
    message: expect.stringContaining('1000 bytes from 4 to 1004'),
  });
  expect(seen).toEqual(['one\n', 'two\n']);
});

test('a chunk that begins behind the one before it is a gap too', async () => {
  const { shell } = await onEventRoute(
    events([event('one\n', 0), event('two\n', 9)], 'end'),
    events([], 'end'),
  );
  const gaps: OutputGap[] = [];
  const execution = await shell.execAsync('print');
  const text = await Array.fromAsync(execution.stream('stdout', { onGap: (gap) => gaps.push(gap) }));
  expect(text.join('')).toBe('one\ntwo\n');
  expect(gaps).toEqual([{ stream: 'stdout', bytes: 5, from: 4, to: 9 }]);
});
