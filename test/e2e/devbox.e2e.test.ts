import { expect, test } from 'vitest';
import { DevboxClient } from '../../src/index.ts';
import { startTestDevbox } from '../helpers/devbox-server.ts';
import { createPlace } from '../helpers/repl.ts';

test('the end of a remote devbox is told in the scrollback and stands in the status line', async () => {
  await using served = await startTestDevbox({ listen: 'tcp' });
  const { url, token = '' } = served.server;
  await using client = new DevboxClient({ baseURL: url, bearerToken: token });
  const devbox = await client.devbox.create();
  using place = createPlace({ RUNLOOP_API_KEY: token });
  using nsh = await place.open(['--devbox', devbox.id, '--base-url', url, '--keep-alive']);
  nsh.write('echo it $((40 + 2)) runs\r');
  await nsh.waitFor('it 42 runs');
  await devbox.shutdown();
  const told = 'The devbox was shut down (api_shutdown). Create another.';
  const screen = await nsh.waitFor((text) => text.includes(told) && text.includes('· shut down'));
  expect(screen).not.toContain('reconnecting');
});
