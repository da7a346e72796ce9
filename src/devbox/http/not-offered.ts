import { Refusal } from '../model/refusal.ts';

const DEVBOX = '/v1/devboxes/:id';

/** What the service has at a path and the embedded devbox has not: a machine's own disk and network, and an account. */
const NOT_OFFERED: readonly (readonly [path: string, what: string])[] = [
  ['/v1/devboxes/disk_snapshots/*', 'disk snapshots'],
  [`${DEVBOX}/snapshot_disk`, 'disk snapshots'],
  [`${DEVBOX}/snapshot_disk_async`, 'disk snapshots'],
  [`${DEVBOX}/enable_tunnel`, 'tunnels'],
  [`${DEVBOX}/remove_tunnel`, 'tunnels'],
  [`${DEVBOX}/create_pty_tunnel`, 'PTY sessions'],
  ['/pty/*', 'PTY sessions'],
  [`${DEVBOX}/create_ssh_key`, 'SSH keys'],
  [`${DEVBOX}/create_gateway_token`, 'agent gateways'],
  [`${DEVBOX}/create_mcp_token`, 'MCP hubs'],
  [`${DEVBOX}/usage`, 'usage figures'],
  ['/v1/gateway-configs/*', 'agent gateways'],
  ['/v1/mcp-configs/*', 'MCP hubs'],
  ['/v1/blueprints/*', 'blueprints'],
  ['/v1/scenarios/*', 'scenarios'],
  ['/v1/benchmarks/*', 'benchmarks'],
  ['/v1/benchmark_runs/*', 'benchmarks'],
  ['/v1/benchmark_jobs/*', 'benchmarks'],
  ['/v1/objects/*', 'storage objects'],
  ['/v1/agents/*', 'agents'],
  ['/v1/axons/*', 'axons'],
  ['/v1/secrets/*', 'secrets'],
  ['/v1/network-policies/*', 'network policies'],
  ['/v1/accounts/*', 'accounts'],
  ['/v1/apikeys/*', 'accounts'],
  ['/v1/restricted_keys/*', 'accounts'],
  ['/v1/repositories/*', 'repositories'],
];

/** @param forEach called with each path, in the order in which they count, and what it is refused with */
export function refuseNotOffered(forEach: (path: string, refuse: () => never) => void): void {
  for (const [path, what] of NOT_OFFERED) {
    forEach(path, () => {
      throw new Refusal(
        501,
        'not_offered',
        `The embedded devbox does not offer ${what}. It offers devboxes (create, list, update, suspend, resume, shutdown), commands and named shells on them with their streams and input, files and logs.`,
      );
    });
  }
}
