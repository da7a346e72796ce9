import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LOCAL_DEVBOX_ID } from '../../src/api/extension/server.ts';
import { DevboxClient } from '../../src/sdk/client.ts';
import { startTestDevbox, type TestDevbox } from '../helpers/devbox-server.ts';
import { startRelay } from './relay.ts';

let served: TestDevbox;
beforeAll(async () => {
  served = await startTestDevbox();
});
afterAll(() => served?.[Symbol.asyncDispose]());

describe.each([
  ['raw bytes', true],
  ['server-sent events', false],
])('over %s that are cut all the time', (_name, extensions) => {
  it('every character of real bash arrives once', async () => {
    await using relay = await startRelay(served.server.socketPath ?? '', { extensions, cutAfter: 150_001 });
    const states: string[] = [];
    const client = new DevboxClient({
      baseURL: relay.url,
      bearerToken: 'k',
      onConnection: ({ state }) => states.push(state),
    });
    const stdout: string[] = [];
    const stderr: string[] = [];
    const result = await client.devbox
      .fromId(LOCAL_DEVBOX_ID)
      .shell()
      .exec('for i in {1..60000}; do echo "€ $i"; echo "😀 $i" >&2; done', {
        stdout: (chunk) => stdout.push(chunk),
        stderr: (chunk) => stderr.push(chunk),
      });
    await client.close();
    const numbers = Array.from({ length: 60_000 }, (_, index) => index + 1);
    expect(result.exitCode).toBe(0);
    // Not toBe: a difference of megabytes is not for a screen.
    expect(stdout.join('') === numbers.map((n) => `€ ${n}\n`).join('')).toBe(true);
    expect(stderr.join('') === numbers.map((n) => `😀 ${n}\n`).join('')).toBe(true);
    expect(relay.cuts).toBeGreaterThan(6);
    expect(states).toContain('retrying');
    expect(states.at(-1)).toBe('connected');
  });
});
