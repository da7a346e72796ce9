import { describe, expect, it } from 'vitest';
import { DevboxClient, LOCAL_DEVBOX_ID } from '../../src/index.ts';
import { startTestDevbox } from '../helpers/devbox-server.ts';
import { answer, event, events, raw } from '../helpers/misbehaving-server.ts';
import { scripted } from './scripted.ts';
import {
  bytes,
  LAUNCH,
  onEventRoute,
  onRawRoute,
  RAW_ERR,
  RAW_OUT,
  SERVER,
  STATE,
  STDERR,
  STDOUT,
} from './scripted-output.ts';
import { completed, embedded, running } from './views.ts';

/** Both streams open, and silent after their first line. */
async function openStreams() {
  const setting = await scripted();
  setting.server
    .on(SERVER, answer(200, embedded))
    .on(LAUNCH, answer(200, running()))
    .on(RAW_OUT, raw([bytes('out\n')], 'open'))
    .on(RAW_ERR, raw([bytes('err\n')], 'open'));
  return setting;
}

describe('stream()', () => {
  it('gives text, each character whole', async () => {
    const text = bytes('né€😀!');
    const { shell } = await onRawRoute(
      raw([text.subarray(0, 2), text.subarray(2, 5), text.subarray(5)], 'end'),
    );
    const chunks = await Array.fromAsync((await shell.execAsync('print')).stream('stdout'));
    expect(chunks.join('')).toBe('né€😀!');
    expect(chunks.join('')).not.toContain('\ufffd');
  });

  it('closes its connection when the loop is left', async () => {
    const { server, shell } = await openStreams();
    for await (const chunk of (await shell.execAsync('sleep 60')).stream('stdout')) {
      expect(chunk).toBe('out\n');
      break;
    }
    await server.quiet();
  });

  it('throws into the loop what went wrong', async () => {
    const { shell } = await onEventRoute(answer(404, { message: 'no such execution' }));
    const reading = Array.fromAsync((await shell.execAsync('print')).stream('stdout'));
    await expect(reading).rejects.toMatchObject({ kind: 'not_found' });
  });
});

describe('lines()', () => {
  it('gives the lines of both streams of real bash, tagged', async () => {
    await using devbox = await startTestDevbox();
    await using client = new DevboxClient({ socketPath: devbox.server.socketPath ?? '' });
    const shell = client.devbox.fromId(LOCAL_DEVBOX_ID).shell('main');
    const execution = await shell.execAsync(
      'for i in {1..20000}; do echo "€ $i"; done; echo; printf end; printf "a\\nb" >&2',
    );
    const seen: Record<string, string[]> = { stdout: [], stderr: [] };
    for await (const { stream, line } of execution.lines()) seen[stream]?.push(line);
    const numbers = Array.from({ length: 20_000 }, (_, index) => `€ ${index + 1}`);
    expect(seen.stdout).toEqual([...numbers, '', 'end']);
    expect(seen.stderr).toEqual(['a', 'b']);
  });

  it('puts lines together that were cut, over connections that break', async () => {
    const { server, shell } = await scripted();
    const view = completed('one\ntwo\n');
    server
      .on(LAUNCH, answer(200, running()))
      .on(STATE, answer(200, view))
      .on(STDERR, events([], 'end'))
      .on(STDOUT, events([event('on', 0)], 'cut'), events([event('ne\ntwo\n', 1)], 'cut'), events([], 'end'));
    const lines = await Array.fromAsync((await shell.execAsync('print')).lines());
    expect(lines).toEqual([
      { stream: 'stdout', line: 'one' },
      { stream: 'stdout', line: 'two' },
    ]);
  });

  it('closes both connections when the loop is left, though one brings nothing', async () => {
    const { server, shell } = await openStreams();
    const seen: string[] = [];
    for await (const { stream } of (await shell.execAsync('sleep 60')).lines()) {
      seen.push(stream);
      if (seen.length === 2) break;
    }
    expect(seen.sort()).toEqual(['stderr', 'stdout']);
    await server.quiet();
  });

  it('ends with its signal, and with an error of one stream, and leaves nothing open', async () => {
    const { server, shell } = await openStreams();
    const controller = new AbortController();
    const execution = await shell.execAsync('sleep 60');
    const reading = (async () => {
      for await (const _ of execution.lines({ signal: controller.signal })) controller.abort();
    })();
    await expect(reading).rejects.toMatchObject({ kind: 'aborted' });
    await server.quiet();

    const other = await scripted();
    other.server
      .on(SERVER, answer(200, embedded))
      .on(LAUNCH, answer(200, running()))
      .on(RAW_OUT, raw([bytes('out\n')], 'open'))
      .on(RAW_ERR, answer(404, { message: 'no such execution' }));
    const failing = Array.fromAsync((await other.shell.execAsync('sleep 60')).lines());
    await expect(failing).rejects.toMatchObject({ kind: 'not_found' });
    await other.server.quiet();
  });

  it('ends a line that a gap cut, and tells of the gap', async () => {
    const { shell } = await onEventRoute(
      events([event('on', 0), event('wo\nthree\n', 1003)], 'end'),
      events([], 'end'),
    );
    const seen: unknown[] = [];
    const execution = await shell.execAsync('print');
    for await (const { line } of execution.lines({ onGap: ({ bytes }) => seen.push(bytes) })) seen.push(line);
    expect(seen).toEqual(['on', 1001, 'wo', 'three']);
  });
});
