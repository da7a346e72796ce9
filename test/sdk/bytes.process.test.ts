import { describe, expect, it } from 'vitest';
import { answer, event, events, raw } from '../helpers/misbehaving-server.ts';
import { openFirehose, standstill } from './firehose.ts';
import { scripted } from './scripted.ts';
import { bytes, onEventRoute, onRawRoute, RAW_OUT, STATE } from './scripted-output.ts';
import { completed } from './views.ts';

describe('bytes()', () => {
  it('are exact over the raw route, whatever they are', async () => {
    const all = Buffer.from(Array.from({ length: 256 }, (_, index) => index));
    const { shell } = await onRawRoute(
      raw([all.subarray(0, 130)], 'cut'),
      raw([all.subarray(130)], 'end', 130),
    );
    const execution = await shell.execAsync('print');
    const chunks: Uint8Array[] = [];
    for await (const chunk of execution.bytes('stdout')) chunks.push(chunk);
    expect(Buffer.concat(chunks)).toEqual(all);
  });

  it('come from events on the service', async () => {
    const { shell } = await onEventRoute(
      events([event('zwö', 0)], 'cut'),
      events([event('lf', 4)], 'end'),
      events([], 'end'),
    );
    const chunks: Uint8Array[] = [];
    for await (const chunk of (await shell.execAsync('print')).bytes('stdout')) chunks.push(chunk);
    expect(Buffer.concat(chunks).toString()).toBe('zwölf');
  });

  it('leave no connection when the loop is left or the signal fires', async () => {
    const { server, shell } = await onRawRoute(raw([bytes('a')], 'open'));
    const execution = await shell.execAsync('sleep 60');
    for await (const chunk of execution.bytes('stdout')) {
      expect(Buffer.from(chunk).toString()).toBe('a');
      break;
    }
    const controller = new AbortController();
    const reading = (async () => {
      for await (const _ of execution.bytes('stdout', { signal: controller.signal })) controller.abort();
    })();
    await expect(reading).rejects.toMatchObject({ kind: 'aborted' });
    await server.quiet();
  });

  it('pull: the server is not read ahead of a slow consumer', async () => {
    const { sent, firehose } = openFirehose();
    const { shell } = await onRawRoute(firehose);
    const execution = await shell.execAsync('yes');
    for await (const _ of execution.bytes('stdout')) {
      // The consumer is busy.
      await standstill(sent);
      expect(sent.bytes).toBeLessThan(32 * 1024 * 1024);
      break;
    }
  });
});

describe('ExecutionResult', () => {
  it('fetches the whole output when the view holds the tail alone', async () => {
    const { server, shell } = await onRawRoute(raw([bytes('a\nb\nc\n')], 'end'));
    const result = await (await shell.execAsync('print')).result();
    expect(await result.stdout()).toBe('a\nb\nc\n');
    expect(await result.stderr()).toBe('');
    expect(server.received(RAW_OUT)).toHaveLength(1);
  });

  it('asks for as many lines as are wanted, and only when they are not there', async () => {
    const { server, shell } = await scripted();
    server
      .on('POST /execute', answer(200, completed('y\nz\n', { stdout_truncated: true })))
      .on(STATE, answer(200, completed('w\nx\ny\nz\n', { stdout_truncated: true })));
    const result = await shell.exec('print');
    expect(await result.stdout(2)).toBe('y\nz');
    expect(server.received(STATE)).toHaveLength(0);
    expect(await result.stdout(4)).toBe('w\nx\ny\nz');
    expect(server.received(STATE)[0]?.query.get('last_n')).toBe('4');
  });
});
