import type { IncomingMessage, ServerResponse } from 'node:http';
import { expect, test } from 'vitest';
import { DevboxClient, type DevboxView } from '../../src/index.ts';
import { startTestDevbox } from '../helpers/devbox-server.ts';
import { createPlace } from '../helpers/repl.ts';
import { startRelay } from '../sdk/relay.ts';

async function readJson(request: IncomingMessage) {
  return JSON.parse(Buffer.concat(await request.toArray()).toString());
}

test('the end of a remote devbox is told in the scrollback and stands in the status line', async () => {
  await using served = await startTestDevbox({ listen: 'tcp' });
  const { url, token = '' } = served.server;
  await using client = new DevboxClient({ baseURL: url, bearerToken: token });
  const devbox = await client.devbox.create();
  await using place = createPlace({ RUNLOOP_API_KEY: token });
  using nsh = await place.open(['--devbox', devbox.id, '--base-url', url, '--keep-alive']);
  nsh.write('echo it $((40 + 2)) runs\r');
  await nsh.waitFor('it 42 runs');
  await devbox.shutdown();
  const told = 'The devbox was shut down (api_shutdown). Create another.';
  const screen = await nsh.waitFor((text) => text.includes(told) && text.includes('· shut down'));
  expect(screen).not.toContain('reconnecting');
});

/** The service's way to tell what becomes of a devbox, over an embedded one, which is never suspended. */
function lifeOf(devbox: DevboxView) {
  let view = devbox;
  let waiting: (() => void)[] = [];
  let keyIsRotated = false;
  const json = (response: ServerResponse, status: number, body: unknown) =>
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  return {
    become(status: DevboxView['status']) {
      view = { ...view, status };
      for (const answer of waiting) answer();
      waiting = [];
    },
    rotateKey() {
      keyIsRotated = true;
    },
    answer(request: IncomingMessage, response: ServerResponse): boolean {
      if (keyIsRotated) json(response, 401, { message: 'the key is not known' });
      else if (request.url === `/v1/devboxes/${devbox.id}`) json(response, 200, view);
      else if (request.url === `/v1/devboxes/${devbox.id}/wait_for_status`) {
        void readJson(request).then(({ statuses }) => {
          const answer = () => json(response, 200, view);
          // It may have come to it before it was asked.
          if (statuses.includes(view.status)) answer();
          else waiting.push(answer);
        });
      } else return false;
      return true;
    },
  };
}

test('a suspension, the return and a rotated key are told, each with what to do', async () => {
  await using served = await startTestDevbox();
  const { socketPath = '' } = served.server;
  await using client = new DevboxClient({ socketPath });
  const devbox = await client.devbox.create();
  const life = lifeOf(await devbox.getInfo());
  await using relay = await startRelay(socketPath, {
    extensions: false,
    cutAfter: Number.POSITIVE_INFINITY,
    answer: life.answer,
  });
  await using place = createPlace({ RUNLOOP_API_KEY: 'any-key' });
  using nsh = await place.open(['--devbox', devbox.id, '--base-url', relay.url]);
  // Silent: that it runs is known from the devbox alone.
  nsh.write('sleep 1000\r');
  await nsh.waitFor(/running.*sleep 1000/);
  nsh.write('echo $((40 + 2))\r');
  await nsh.waitFor(/queued.*echo/);
  life.become('suspending');
  await nsh.waitFor((text) => text.includes('The devbox is suspended') && text.includes('· suspended'));
  life.become('running');
  await nsh.waitFor('The devbox runs again after it was suspended');
  life.rotateKey();
  nsh.write('echo more\r');
  await nsh.waitFor((text) => text.includes('does not take the key') && text.includes('key refused'));
});
