import { expect, test } from 'vitest';
import { DevboxClient, LOCAL_DEVBOX_ID, type ShellEvent } from '../../src/index.ts';
import { startTestDevbox } from '../helpers/devbox-server.ts';
import { scripted } from './scripted.ts';

async function open() {
  const devbox = await startTestDevbox();
  const { socketPath } = devbox.server;
  const client = new DevboxClient({ socketPath: socketPath ?? '' });
  return {
    client,
    shell: client.devbox.fromId(LOCAL_DEVBOX_ID).shell('watched'),
    async [Symbol.asyncDispose]() {
      await client.close();
      await devbox[Symbol.asyncDispose]();
    },
  };
}

/** The types of what comes up to the first event that satisfies `last`. */
async function typesUpTo(events: AsyncIterable<ShellEvent>, last: (event: ShellEvent) => boolean) {
  const types: string[] = [];
  for await (const event of events) {
    types.push(event.type);
    if (last(event)) break;
  }
  return types;
}

test('a watcher that came first sees a command queued, started and ended, once each', async () => {
  await using place = await open();
  const types: string[] = [];
  let command: Promise<unknown> | undefined;
  for await (const { type } of place.shell.watch()) {
    // Sent once the watching has begun: its first event says so.
    command ??= place.shell.exec('cd /; echo out');
    types.push(type);
    if (type === 'completed') break;
  }
  await command;
  expect(types[0]).toBe('snapshot');
  const steps = types.filter((type) => ['queued', 'started', 'completed'].includes(type));
  expect(steps).toEqual(['queued', 'started', 'completed']);
});

test('leaving the loop, or the signal, ends the watching', async () => {
  await using place = await open();
  expect(await typesUpTo(place.shell.watch(), () => true)).toEqual(['snapshot']);
  const controller = new AbortController();
  const watching = typesUpTo(place.shell.watch(controller.signal), () => {
    controller.abort();
    return false;
  });
  await expect(watching).rejects.toMatchObject({ kind: 'aborted' });
});

const event = (seq: number, type: string, more: object) =>
  `id: ${seq}\ndata: ${JSON.stringify({ seq, type, time_ms: 1, ...more })}\n\n`;
const ofCommand = { shell_name: 's', execution_id: 'e1' };

test('a server that is silent for longer than its own heartbeat allows is asked again', async () => {
  const lost: string[] = [];
  const { server, shell } = await scripted({
    onConnection: (told) => lost.push(told.state === 'retrying' ? told.reason : told.state),
  });
  server.on('GET /server', (response) => {
    const view = { version: '1', pid: 1, started_at_ms: 1, bash_version: '5', capabilities: ['events'] };
    response.end(JSON.stringify({ ...view, heartbeat_ms: 1 }));
  });
  server.on(
    'GET /events',
    (response) => {
      response.write(event(5, 'snapshot', { devbox_id: 'd', shells: [], missed: false }));
    },
    (response) => {
      response.write(event(6, 'started', ofCommand));
    },
  );
  const types = await typesUpTo(shell.watch(), ({ type }) => type === 'started');
  expect(types).toEqual(['snapshot', 'started']);
  expect(lost).toContain('no answer for 2.002 s');
});

test('a stream that is cut goes on after the last event seen', async () => {
  const { server, shell } = await scripted();
  server.on('GET /server', (response) => {
    const view = { version: '1', pid: 1, started_at_ms: 1, bash_version: '5', capabilities: ['events'] };
    response.end(JSON.stringify(view));
  });
  server.on(
    'GET /events',
    (response) => {
      response.write(event(5, 'snapshot', { devbox_id: 'd', shells: [], missed: false }));
      response.write(event(6, 'queued', { ...ofCommand, command: 'true' }));
      response.write('id: 7\ndata: {"seq":7,"type":"sta', () => response.destroy());
    },
    (response) => {
      response.write(event(7, 'from_the_future', {}));
      response.write(event(8, 'started', ofCommand));
    },
  );
  const types = await typesUpTo(shell.watch(), ({ type }) => type === 'started');
  expect(types).toEqual(['snapshot', 'queued', 'started']);
  expect(server.received('GET /events').map(({ query }) => query.get('after'))).toEqual([null, '6']);
});

test('a server without live events says so', async () => {
  const { shell } = await scripted();
  const watching = typesUpTo(shell.watch(), () => true);
  await expect(watching).rejects.toMatchObject({ kind: 'invalid_request' });
});

test('late output of a background job is apart from the result', async () => {
  await using place = await open();
  const execution = await place.shell.execAsync(
    '(while [ ! -e go ]; do sleep 0.05; done; printf late) & echo now',
  );
  const result = await execution.result();
  expect(await result.stdout()).toBe('now\n');
  const late = execution.lateBytes('stdout');
  await place.shell.exec('touch go');
  for await (const bytes of late) {
    expect(Buffer.from(bytes).toString()).toBe('late');
    break;
  }
});
