import type { Runloop } from '@runloop/api-client';
import { expect } from 'vitest';
import { failureOf, type Scenario, scenario } from '../scenario.ts';

const notOffered = (what: string) => ({
  status: 501,
  name: 'InternalServerError',
  headers: { 'x-should-retry': 'false' },
  error: {
    code: 'not_offered',
    message: expect.stringContaining(`does not offer ${what}. It offers devboxes`),
  },
});

/** What the client also has and the embedded devbox does not offer: told at once, with a status and a code that stay. */
export const missing: Scenario[] = [
  scenario('disk snapshots are not offered', async ({ create, api }) => {
    const { id } = await create();
    const calls = [
      api.devboxes.snapshotDisk(id),
      api.devboxes.snapshotDiskAsync(id, { name: 'x' }),
      api.devboxes.listDiskSnapshots(),
      api.devboxes.diskSnapshots.list(),
      api.devboxes.diskSnapshots.queryStatus('snp_1'),
      api.devboxes.diskSnapshots.update('snp_1', { name: 'y' }),
      api.devboxes.diskSnapshots.delete('snp_1'),
    ];
    await expectEach(calls, notOffered('disk snapshots'));
  }),

  scenario('tunnels, SSH keys, PTYs and usage figures are not offered', async ({ create, api }) => {
    const devbox = await create();
    const { id } = devbox;
    await expectEach([devbox.net.enableTunnel(), devbox.net.removeTunnel()], notOffered('tunnels'));
    await expectEach([devbox.net.createSSHKey()], notOffered('SSH keys'));
    await expectEach([api.devboxes.createPtyTunnel(id)], notOffered('PTY sessions'));
    await expectEach([api.devboxes.retrieveResourceUsage(id)], notOffered('usage figures'));
    const gateway = { gateway: 'g', secret: 's' };
    await expectEach([api.devboxes.createGatewayToken(id, gateway)], notOffered('agent gateways'));
    expect(await devbox.getTunnel()).toBeNull();
  }),

  scenario('blueprints are not offered', async ({ sdk, api }) => {
    const calls = [
      sdk.blueprint.create({ name: 'b' }),
      api.blueprints.list(),
      api.blueprints.listPublic(),
      api.blueprints.retrieve('bpt_1'),
      api.blueprints.logs('bpt_1'),
    ];
    await expectEach(calls, notOffered('blueprints'));
  }),

  scenario('benchmarks and scenarios are not offered', async ({ api }) => {
    await expectEach([api.benchmarks.list(), api.benchmarkJobs.list()], notOffered('benchmarks'));
    await expectEach([api.scenarios.list(), api.scenarios.runs.list()], notOffered('scenarios'));
  }),

  scenario('what belongs to an account is not offered', async ({ api }) => {
    const calls: [PromiseLike<unknown>, string][] = [
      [api.objects.list(), 'storage objects'],
      [api.agents.list(), 'agents'],
      [api.axons.list(), 'axons'],
      [api.secrets.list(), 'secrets'],
      [api.networkPolicies.list(), 'network policies'],
      [api.gatewayConfigs.list(), 'agent gateways'],
      [api.mcpConfigs.list(), 'MCP hubs'],
      [api.accounts.me(), 'accounts'],
    ];
    const failures = await Promise.all(calls.map(([call]) => failureOf(call)));
    expect(failures).toMatchObject(calls.map(([, what]) => notOffered(what)));
  }),

  scenario('create refuses what it would have to leave out, by its name', async ({ api }) => {
    const asked: [Runloop.DevboxCreateParams, string][] = [
      [{ blueprint_id: 'bpt_1' }, 'blueprint_id'],
      [{ snapshot_id: 'snp_1' }, 'snapshot_id'],
      [{ entrypoint: 'sleep 1' }, 'entrypoint'],
      [{ file_mounts: { '/a': 'b' } }, 'file_mounts'],
      [{ secrets: { A: 'B' } }, 'secrets'],
      [{ tunnel: {} }, 'tunnel'],
      [{ launch_parameters: { launch_commands: ['ls'] } }, 'launch_parameters.launch_commands'],
      [{ launch_parameters: { network_policy_id: 'np_1' } }, 'launch_parameters.network_policy_id'],
    ];
    for (const [params, word] of asked) {
      const failure = await failureOf(api.devboxes.create(params));
      expect(failure).toMatchObject({ status: 400, error: { code: 'not_offered' } });
      expect(failure.error?.message).toContain(`does not offer ${word}.`);
    }
  }),

  scenario('a path that nobody knows is a NotFoundError that lists those there are', async ({ api }) => {
    const failure = await failureOf(api.get('/v1/nonsense'));
    expect(failure).toMatchObject({ name: 'NotFoundError', error: { code: 'route_not_found' } });
    expect(failure.error?.message).toContain('POST /v1/devboxes/:id/suspend');
  }),

  scenario('a wrong key is an AuthenticationError', async ({ sdk }) => {
    const { api } = sdk;
    const options = { headers: { authorization: 'Bearer wrong' } };
    expect(await failureOf(api.devboxes.list({}, options))).toMatchObject({
      name: 'AuthenticationError',
      status: 401,
    });
  }),

  scenario('onEvict: there are no evictions, and nobody asks for them again and again', async (stage) => {
    const devbox = await stage.create();
    const evicted: string[] = [];
    devbox.onEvict(({ id }) => evicted.push(id));
    const watching = await stage.api.devboxes.watchEvictions({ headers: { Accept: 'text/event-stream' } });
    await devbox.cmd.exec('true');
    watching.controller.abort();
    devbox.cancelOnEvict();
    expect(evicted).toEqual([]);
  }),
];

async function expectEach(calls: PromiseLike<unknown>[], failure: object): Promise<void> {
  for (const found of await Promise.all(calls.map(failureOf))) expect(found).toMatchObject(failure);
}
