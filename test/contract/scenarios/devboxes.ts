import { NotFoundError } from '@runloop/api-client';
import { expect } from 'vitest';
import { failureOf, type Scenario, scenario } from '../scenario.ts';

/** Creating, looking up, changing, listing and shutting down. Documented in `resources/devboxes/devboxes`. */
export const devboxes: Scenario[] = [
  scenario('create begins the boot, and awaitRunning waits for its end', async ({ api, answers }) => {
    const created = answers.add('Runloop.DevboxView', 'create', await api.devboxes.create({ name: 'begun' }));
    const running = await api.devboxes.awaitRunning(created.id);
    expect(running).toMatchObject({ id: created.id, status: 'running', name: 'begun', end_time_ms: null });
    await api.devboxes.shutdown(created.id);
  }),

  scenario('createAndAwaitRunning: name, metadata and launch parameters come back', async (stage) => {
    const launch_parameters = { resource_size_request: 'SMALL' as const, keep_alive_time_seconds: 3600 };
    const metadata = { team: 'a', 'with space': 'ü' };
    const params = { name: 'all of it', metadata, launch_parameters };
    const view = await stage.api.devboxes.createAndAwaitRunning(params);
    stage.answers.add('Runloop.DevboxView', 'createAndAwaitRunning', view);
    expect(view).toMatchObject({ ...params, status: 'running' });
    expect(view.create_time_ms).toBeLessThanOrEqual(Date.now());
    expect(view.state_transitions.at(-1)).toMatchObject({ status: 'running' });
    await stage.api.devboxes.shutdown(view.id);
  }),

  scenario('create without anything', async ({ create }) => {
    const info = await (await create()).getInfo();
    expect(info).toMatchObject({ name: null, metadata: {}, launch_parameters: {} });
  }),

  scenario('environment variables are in every command and shell', async ({ create }) => {
    const devbox = await create({ environment_variables: { GREETING: 'hello you', EMPTY: '' } });
    const command = 'echo "$GREETING"; printenv EMPTY';
    expect(await (await devbox.cmd.exec(command)).stdout()).toBe('hello you\n\n');
    expect(await (await devbox.shell('s').exec(command)).stdout()).toBe('hello you\n\n');
  }),

  scenario('retrieve: the latest details', async ({ api, create, answers }) => {
    const { id } = await create({ name: 'looked up' });
    const view = answers.add('Runloop.DevboxView', 'retrieve', await api.devboxes.retrieve(id));
    expect(view).toMatchObject({ id, name: 'looked up', status: 'running' });
  }),

  scenario('retrieve of what is not there is a NotFoundError', async ({ sdk }) => {
    const call = sdk.devbox.fromId('dbx_nothing').getInfo();
    await expect(call).rejects.toBeInstanceOf(NotFoundError);
    const { status, error } = await failureOf(sdk.devbox.fromId('dbx_nothing').getInfo());
    expect(status).toBe(404);
    expect(error?.message).toContain('dbx_nothing');
  }),

  scenario('update: what is left out stays, empty clears, metadata is replaced', async (stage) => {
    const { api, answers } = stage;
    const { id } = await stage.create({ name: 'before', metadata: { a: '1', b: '2' } });
    const named = await api.devboxes.update(id, { name: 'after' });
    answers.add('Runloop.DevboxView', 'update', named);
    expect(named).toMatchObject({ name: 'after', metadata: { a: '1', b: '2' } });
    const replaced = await api.devboxes.update(id, { metadata: { c: '3' } });
    expect(replaced.metadata).toEqual({ c: '3' });
    expect(replaced.name).toBe('after');
    const cleared = await api.devboxes.update(id, { name: '', metadata: {} });
    expect(cleared).toMatchObject({ name: null, metadata: {} });
    expect(await api.devboxes.retrieve(id)).toEqual(cleared);
  }),

  scenario('list: pages by a cursor, the newest first', async ({ api, create, answers }) => {
    const ids: string[] = [];
    for (let n = 0; n < 3; n++) ids.unshift((await create()).id);
    const page = await api.devboxes.list({ limit: 2, starting_after: ids[0] ?? '' });
    const { devboxes: list, has_more, total_count } = page;
    answers.add('Runloop.DevboxListView', 'list', { devboxes: list, has_more, total_count });
    // Others that were made meanwhile stand before the cursor, or between.
    expect(list).toHaveLength(2);
    const found: string[] = [];
    for await (const { id } of api.devboxes.list({ limit: 1, starting_after: ids[0] ?? '' })) {
      found.push(id);
      if (id === ids[2]) break;
    }
    expect(found.filter((id) => ids.includes(id))).toEqual([ids[1], ids[2]]);
    expect(new Set(found).size).toBe(found.length);
  }),

  scenario('list: the pages of the client itself', async ({ api, create }) => {
    const { id } = await create();
    const first = await api.devboxes.list({ limit: 1 });
    expect(first.hasNextPage()).toBe(true);
    const second = await first.getNextPage();
    expect(second.getPaginatedItems()).toHaveLength(1);
    expect(second.devboxes[0]?.id).not.toBe(first.devboxes[0]?.id);
    const all = await api.devboxes.list({ limit: 5000 });
    expect(all.has_more).toBe(false);
    expect(all.total_count).toBe(all.devboxes.length);
    expect(all.devboxes.map((one) => one.id)).toContain(id);
  }),

  scenario('list: by status', async ({ api, create }) => {
    const [kept, gone] = [await create(), await create()];
    await gone.shutdown();
    const idsOf = async (status: 'running' | 'shutdown') => {
      const page = await api.devboxes.list({ status, limit: 5000 });
      expect(page.devboxes.every((one) => one.status === status)).toBe(true);
      return page.devboxes.map(({ id }) => id);
    };
    expect(await idsOf('running')).toContain(kept.id);
    expect(await idsOf('running')).not.toContain(gone.id);
    expect(await idsOf('shutdown')).toContain(gone.id);
  }),

  scenario('list: without the count when it is not wanted', async ({ api }) => {
    const query = { include_total_count: false, limit: 1 };
    const answer = await api.devboxes.list(query).asResponse();
    expect(await answer.json()).not.toHaveProperty('total_count');
  }),

  scenario('sdk.devbox.list gives devboxes to work with', async ({ sdk, create }) => {
    const { id } = await create();
    const found = (await sdk.devbox.list({ limit: 5000 })).find((one) => one.id === id);
    expect(await (await found?.cmd.exec('echo found'))?.stdout()).toBe('found\n');
  }),

  scenario('shutdown is permanent, and says why and when', async ({ api, create, answers }) => {
    const devbox = await create();
    const view = await devbox.shutdown();
    answers.add('Runloop.DevboxView', 'shutdown', view);
    expect(view).toMatchObject({ status: 'shutdown', shutdown_reason: 'api_shutdown' });
    expect(view.end_time_ms).toBeGreaterThanOrEqual(view.create_time_ms);
    expect(await failureOf(devbox.cmd.exec('echo no'))).toMatchObject({ status: 409 });
    expect(await failureOf(devbox.resume())).toMatchObject({ status: 409 });
    expect((await api.devboxes.shutdown(devbox.id, { force: 'true' })).status).toBe('shutdown');
  }),

  scenario('awaitRunning of a devbox that was shut down fails at once', async ({ create }) => {
    const devbox = await create();
    await devbox.shutdown();
    await expect(devbox.awaitRunning()).rejects.toThrow('non-running state shutdown');
  }),
];
