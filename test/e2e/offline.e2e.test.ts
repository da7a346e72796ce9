import type { ServerResponse } from 'node:http';
import { test } from 'vitest';
import { DevboxClient } from '../../src/index.ts';
import { startTestDevbox } from '../helpers/devbox-server.ts';
import { createPlace } from '../helpers/repl.ts';
import { matchesPicture } from '../helpers/screens.ts';
import { startRelay } from '../sdk/relay.ts';

const sizes = [
  { columns: 80, rows: 24 },
  { columns: 40, rows: 14 },
];

/** A network that can be pulled out: what is open breaks, and nothing new gets through. */
function cable() {
  const open = new Set<ServerResponse>();
  let out = false;
  return {
    answer(_request: unknown, response: ServerResponse): boolean {
      if (out) response.destroy();
      open.add(response);
      response.once('close', () => open.delete(response));
      return out;
    },
    pull() {
      out = true;
      for (const response of open) response.destroy();
    },
    plug() {
      out = false;
    },
  };
}

test.for(sizes)(
  'at $columns columns: offline the why is shown, typing goes on, lines are held and then sent',
  async (size, { expect }) => {
    await using served = await startTestDevbox();
    const { socketPath = '' } = served.server;
    await using client = new DevboxClient({ socketPath });
    const devbox = await client.devbox.create();
    const network = cable();
    await using relay = await startRelay(socketPath, {
      extensions: true,
      cutAfter: Number.POSITIVE_INFINITY,
      answer: network.answer,
    });
    await using place = createPlace({ RUNLOOP_API_KEY: 'any-key' });
    using nsh = await place.open(['--devbox', devbox.id, '--base-url', relay.url], size);
    nsh.write('kept=yes; echo it $((40 + 2)) runs\r');
    await nsh.waitFor('it 42 runs');
    await nsh.waitFor('connected');
    network.pull();
    await nsh.waitFor(/reconnecting (in \d+ s|now): \S/);
    nsh.write('echo "one $kept"\recho "two $kept"\rhalf a li');
    await nsh.waitFor('❯ half a li');
    await nsh.waitFor((screen) => /held \+\d echo "one/.test(screen) && /held \+\d echo "two/.test(screen));
    const offline = await nsh.waitFor(/reconnecting (in \d+ s|now), 2 lines held: \S/);
    await matchesPicture(expect, offline, `${size.columns}-disconnected`);
    await devbox.shell('main').exec('echo elsewhere');
    network.plug();
    await nsh.waitFor(/^elsewhere$[\s\S]*^one yes$[\s\S]*^two yes$/m, 60_000);
    const screen = await nsh.waitFor((text) => text.includes('connected') && !text.includes('reconnecting'));
    expect(screen).toContain('❯ half a li');
    expect(nsh.history().match(/^(one|two) yes$/gm)).toEqual(['one yes', 'two yes']);
  },
);
