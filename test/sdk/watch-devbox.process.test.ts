import { expect, test } from 'vitest';
import type { DevboxStatus, DevboxView } from '../../src/api/devbox.ts';
import { type ConnectionEvent, DevboxClient, type DevboxEvent } from '../../src/index.ts';
import { startTestDevbox } from '../helpers/devbox-server.ts';
import { answer, type Behaviour, drop, hold } from '../helpers/misbehaving-server.ts';
import { scripted } from './scripted.ts';

function view(status: DevboxStatus, more: Partial<DevboxView> = {}): DevboxView {
  return {
    id: 'd',
    status,
    capabilities: [],
    create_time_ms: 1,
    launch_parameters: {},
    metadata: {},
    state_transitions: [],
    ...more,
  };
}

const LOOK = 'GET /devboxes/d';
const WAIT = 'POST /devboxes/d/wait_for_status';
const heldTooLong = answer(408, { message: 'not yet' }, { 'x-should-retry': 'true' });

async function all(events: AsyncIterable<DevboxEvent>): Promise<DevboxEvent[]> {
  const seen: DevboxEvent[] = [];
  for await (const event of events) seen.push(event);
  return seen;
}

/** A server on which the devbox is first in one state, then in the others, told by the wait. */
async function passing(first: DevboxView, ...then: Behaviour[]) {
  const { server, client } = await scripted();
  server.on(WAIT, ...then);
  server.on(LOOK, answer(200, first));
  return { server, devbox: client.devbox.fromId('d') };
}

test('suspension, return and end are told once each, with what to do', async () => {
  const { server, devbox } = await passing(
    view('running'),
    heldTooLong,
    answer(200, view('suspending')),
    answer(200, view('suspended')),
    answer(200, view('resuming')),
    answer(200, view('running')),
    answer(200, view('shutdown', { shutdown_reason: 'ttl_expired' })),
  );
  const events = await all(devbox.watch());
  expect(events.map(({ type }) => type)).toEqual(['running', 'suspended', 'resumed', 'out_of_time']);
  const [, suspended, resumed, end] = events.map(({ message }) => message);
  expect(suspended).toContain('Bring it back with resume().');
  expect(resumed).toContain('Shells start afresh');
  expect(end).toContain('its time was over (ttl_expired). Create another');
  const waits = server.received(WAIT).map(({ body }) => (body as { statuses: string[] }).statuses);
  expect(waits[0]).toContain('suspending');
  expect(waits[0]).not.toContain('running');
});

test.each([
  ['api_shutdown', 'shutdown'],
  ['idle', 'out_of_time'],
  ['keep_alive_timeout', 'out_of_time'],
])('a devbox that has ended is told at once: %s', async (reason, type) => {
  const { devbox } = await passing(view('shutdown', { shutdown_reason: reason }), drop);
  expect((await all(devbox.watch())).map((event) => event.type)).toEqual([type]);
});

test('a devbox that starts and fails', async () => {
  const { devbox } = await passing(
    view('provisioning'),
    answer(200, view('initializing')),
    answer(200, view('failure', { failure_reason: 'out_of_memory' })),
  );
  const [starting, failed, ...more] = await all(devbox.watch());
  expect(starting).toMatchObject({ type: 'starting', devbox: { status: 'provisioning' } });
  expect(failed).toMatchObject({
    type: 'failed',
    message: 'Devbox d has failed: out_of_memory. Create another.',
  });
  expect(more).toEqual([]);
});

test('a suspension that came and went while the network was away is told by its history', async () => {
  const { server, client } = await scripted();
  const back = view('running', {
    state_transitions: [{ status: 'suspended', transition_time_ms: 2 }],
  });
  server.on(LOOK, answer(200, view('running')), answer(200, back));
  server.on(WAIT, drop, answer(200, view('shutdown', { ...back, status: 'shutdown' })));
  const types = (await all(client.devbox.fromId('d').watch())).map(({ type }) => type);
  expect(types).toEqual(['running', 'resumed', 'shutdown']);
});

test('a rotated key is a last event, a typed error and an event of the connection', async () => {
  const told: ConnectionEvent[] = [];
  const { server, client } = await scripted({ onConnection: (event) => told.push(event) });
  server.on(LOOK, answer(200, view('running')), answer(401, { message: 'the key is not known' }));
  server.on(WAIT, answer(401, { message: 'the key is not known' }));
  const devbox = client.devbox.fromId('d');
  const events = await all(devbox.watch());
  expect(events.map(({ type }) => type)).toEqual(['running', 'unauthorized']);
  expect(events[1]?.message).toContain('make a DevboxClient with the new key');
  await expect(devbox.getInfo()).rejects.toMatchObject({ kind: 'authentication', status: 401 });
  expect(told).toEqual([{ state: 'connected' }, { state: 'unauthorized', reason: 'the key is not known' }]);
});

test('a path that the service does not have says nothing of the key', async () => {
  const told: ConnectionEvent[] = [];
  const { server, client } = await scripted({ onConnection: (event) => told.push(event) });
  server.on('GET /nsh/v1/server', answer(401, { message: 'no such thing for you' }));
  expect(await client.server()).toBeUndefined();
  expect(told.filter(({ state }) => state === 'unauthorized')).toEqual([]);
});

test('a devbox that the server does not know', async () => {
  const { devbox } = await passing(view('running'), answer(404, { message: 'no devbox d' }));
  expect((await all(devbox.watch())).map(({ type }) => type)).toEqual(['running', 'not_found']);
});

test('it is kept alive while it runs and is watched; that it failed is told', async () => {
  const { server, client } = await scripted({ maxRetries: 0 });
  const over = Promise.withResolvers<void>();
  server.on('POST /keep_alive', answer(200, {}), answer(500, { message: 'not today' }), answer(200, {}));
  server.on(WAIT, hold(over.promise, answer(200, view('shutdown'))));
  server.on(LOOK, answer(200, view('running')));
  const events: DevboxEvent[] = [];
  for await (const event of client.devbox.fromId('d').watch(undefined, { keepAliveEvery: 5 })) {
    events.push(event);
    if (event.type === 'keep_alive_failed') {
      await server.arrived('POST /keep_alive', 4);
      over.resolve();
    }
  }
  expect(events.map(({ type }) => type)).toEqual(['running', 'keep_alive_failed', 'shutdown']);
  expect(events[1]?.message).toContain('not today');
  await server.quiet();
  const sent = server.received('POST /keep_alive').length;
  await expect(client.devbox.fromId('d').getInfo()).resolves.toMatchObject({ status: 'running' });
  expect(server.received('POST /keep_alive')).toHaveLength(sent);
});

test('leaving the loop, or the signal, leaves nothing open', async () => {
  const { server, devbox } = await passing(view('running'), () => undefined);
  for await (const { type } of devbox.watch()) {
    expect(type).toBe('running');
    break;
  }
  const controller = new AbortController();
  const watching = all(devbox.watch(controller.signal, { keepAliveEvery: 60_000 }));
  await server.arrived(WAIT);
  controller.abort();
  await expect(watching).rejects.toMatchObject({ kind: 'aborted' });
  await server.quiet();
});

test('an interval that is none is refused', async () => {
  const { devbox } = await passing(view('running'), drop);
  await expect(all(devbox.watch(undefined, { keepAliveEvery: 0 }))).rejects.toThrow(/above 0 ms, it is 0/);
});

test('suspend, resume and the waits for them', async () => {
  const { server, client } = await scripted();
  server.on('POST /suspend', answer(200, view('suspending')));
  server.on('POST /resume', answer(200, view('resuming')));
  server.on(WAIT, answer(200, view('suspended')), heldTooLong, answer(200, view('running')));
  const devbox = client.devbox.fromId('d');
  expect(await devbox.suspend()).toMatchObject({ status: 'suspending' });
  expect(await devbox.awaitSuspended()).toMatchObject({ status: 'suspended' });
  expect(await devbox.resume()).toMatchObject({ status: 'running' });
  const statuses = server.received(WAIT).map(({ body }) => (body as { statuses: string[] }).statuses);
  expect(statuses[0]).toEqual(['suspended', 'failure', 'shutdown']);
  expect(statuses[1]).toEqual(['running', 'failure', 'shutdown']);
});

test('a wait for what will not come ends with an error', async () => {
  const { devbox } = await passing(
    view('running'),
    answer(200, view('failure', { failure_reason: 'out_of_disk' })),
  );
  await expect(devbox.awaitRunning()).rejects.toMatchObject({
    kind: 'server',
    message:
      "Devbox d is in state failure: out_of_disk. It will not be running: create another, or ask the server's operator.",
  });
  await expect(devbox.awaitRunning({ longPoll: { timeoutMs: -1 } })).rejects.toThrow(/longPoll.timeoutMs/);
});

test('the embedded devbox tells of its end at once', async () => {
  await using served = await startTestDevbox();
  await using client = new DevboxClient({ socketPath: served.server.socketPath });
  const devbox = await client.devbox.create({ name: 'short' });
  const types: string[] = [];
  for await (const { type } of devbox.watch()) {
    types.push(type);
    if (type === 'running') await devbox.shutdown();
  }
  expect(types).toEqual(['running', 'shutdown']);
});
