import { RunloopSDK } from '@runloop/api-client';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestDevbox, type TestDevbox } from '../helpers/devbox-server.ts';
import { Answers } from './answers.ts';
import { play } from './scenario.ts';
import { commands } from './scenarios/commands.ts';
import { devboxes } from './scenarios/devboxes.ts';
import { files } from './scenarios/files.ts';
import { lifetime } from './scenarios/lifetime.ts';
import { logs } from './scenarios/logs.ts';
import { missing } from './scenarios/not-offered.ts';
import { shells } from './scenarios/shells.ts';
import { stdin } from './scenarios/stdin.ts';
import { streams } from './scenarios/streams.ts';

/**
 * The official TypeScript client, unchanged, against the embedded devbox: what it documents, over HTTP/2 (its default) and
 * HTTP/1.1, on one port. Scenarios run side by side; each makes its own devbox.
 */
const SCENARIOS = [
  ...devboxes,
  ...lifetime,
  ...commands,
  ...shells,
  ...streams,
  ...stdin,
  ...logs,
  ...files,
  ...missing,
];
const TRANSPORTS = [
  ['HTTP/2', true],
  ['HTTP/1.1', false],
] as const;

let devbox: TestDevbox;
const answers = new Answers();
beforeAll(async () => {
  devbox = await startTestDevbox({ listen: 'tcp' });
});
afterAll(() => devbox[Symbol.asyncDispose]());

test('there are at least 60', () => {
  expect(new Set(SCENARIOS.map(({ name }) => name)).size).toBe(SCENARIOS.length);
  expect(SCENARIOS.length).toBeGreaterThanOrEqual(60);
});

describe.each(TRANSPORTS)('over %s', (_, http2) => {
  describe.concurrent('', () => {
    test.each(SCENARIOS)('$name', async (scene) => {
      const { url, token } = devbox.server;
      // Only where it must be: what is answered once is not to be asked for twice.
      const sdk = new RunloopSDK({ baseURL: url, bearerToken: token, http2, maxRetries: 0 });
      await play(scene, sdk, answers);
    });
  });
});

test('answers are what the types of the client say, and no more', async () => {
  expect(answers.size).toBeGreaterThan(10);
  expect(await answers.check()).toBe('');
});
