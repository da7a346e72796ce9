import { readdirSync, readlinkSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { routes } from '../../../src/api/routes.ts';
import { residentBytes } from '../../helpers/process-facts.ts';
import { SEED } from '../../helpers/seeded-bytes.ts';
import { BodyReader } from './body-reader.ts';
import { type ChildDevbox, startChildDevbox } from './child-devbox.ts';
import { execute, launch, whenStatus } from './commands.ts';
import { type Fuzz, runLane } from './fuzz/lane.ts';
import { Random } from './fuzz/random.ts';
import { get, post } from './raw-client.ts';

/** `NSH_FUZZ_REQUESTS` for longer runs. */
const REQUESTS = Number(process.env.NSH_FUZZ_REQUESTS ?? 20_000);
const LANES = 8;
const ROUNDS = 10;
/** By how much memory may grow while nothing leaks, bytes: executions are kept, up to a limit. */
const BREATH = 40 * 2 ** 20;
const COLLECTS = fileURLToPath(new URL('../../fixtures/collect-on-usr2.mjs', import.meta.url));
const LIMITS = `ulimit -c 0; export NODE_OPTIONS='--max-semi-space-size=2 --expose-gc --import=${COLLECTS}'`;
/** Connections that may be left for a while: with a body that nobody reads, they are cut when it is too slow. */
const PAUSED = 10;

/**
 * Random requests, whole and broken, in every way that bytes can come: nothing of it may end the server, be answered by an error of
 * its own, be felt by a shell that has nothing to do with it, or be kept.
 */
test('random requests of every kind: no crash, no 5xx, no shell that feels it, no memory that stays', {
  timeout: 60_000 + REQUESTS * 5,
}, async () => {
  await using devbox = await startChildDevbox(LIMITS);
  await execute(devbox, 'cd /tmp; kept=1; count() { echo $((++n)); }; n=0', 'idle');
  const id = await launch(devbox, 'while read -r line; do echo "got $line"; done; echo end', 'busy', true);
  await whenStatus(devbox, id, 'running');
  const output = await BodyReader.open(devbox, routes.output('local', id, 'stdout'));
  const devboxes = [await created(devbox), await created(devbox)];
  // Who opens it waits for somebody who writes.
  await execute(devbox, 'mkfifo ~/fifo');
  const fuzz: Fuzz = {
    socketPath: devbox.server.socketPath ?? '',
    devboxes,
    limit: 0,
    requests: 0,
    statuses: new Map(),
    failures: [],
  };
  const connections = openConnections(devbox);
  const memory: number[] = [];
  const lanes = Array.from({ length: LANES }, (_, lane) => new Random(SEED * 1_000 + lane));
  let said = '';
  for (let round = 1; round <= ROUNDS; round++) {
    const limited = { ...fuzz, limit: (REQUESTS * round) / ROUNDS };
    await Promise.all(lanes.map((random) => runLane(random, limited)));
    fuzz.requests = limited.requests;
    expect(fuzz.failures, `NSH_SEED=${SEED}`).toEqual([]);
    memory.push(await keptBytes(devbox));
    // Those who have nothing to do with it do not feel it.
    await post(devbox, routes.sendStdIn('local', id), { text: `line ${round}\n` });
    said += `got line ${round}\n`;
    expect(String(await output.atLeast(said.length))).toBe(said);
    expect(await execute(devbox, 'count; echo $PWD $kept', 'idle')).toMatchObject({
      stdout: `${round}\n/tmp 1\n`,
    });
  }
  expect(fuzz.requests).toBeGreaterThanOrEqual(REQUESTS);
  // It was no fuzz of one answer.
  for (const status of [200, 400, 403, 404, 405, 409])
    expect(fuzz.statuses.get(status) ?? 0, `${status}`).toBeGreaterThan(20);
  expect(Math.min(...memory.slice(-3)) - Math.min(...memory.slice(2, 5)), `${memory}`).toBeLessThan(BREATH);
  await expect.poll(() => openConnections(devbox)).toBeLessThanOrEqual(connections + PAUSED);
  await post(devbox, routes.sendStdIn('local', id), { signal: 'EOF' });
  expect((await whenStatus(devbox, id)).exit_status).toBe(0);
  expect((await get(devbox, routes.server())).body.pid).toBe(devbox.pid);
});

/** Resident memory when all that can be collected has been. */
async function keptBytes(devbox: ChildDevbox): Promise<number> {
  process.kill(devbox.pid, 'SIGUSR2');
  // The signal is heard before a request that comes after it has been answered.
  await get(devbox, routes.server());
  await get(devbox, routes.server());
  return residentBytes(devbox.pid);
}

async function created(devbox: ChildDevbox): Promise<string> {
  return (await post(devbox, routes.devboxes())).body.id;
}

function linkOf(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return ''; // closed meanwhile
  }
}

function openConnections({ pid }: ChildDevbox): number {
  return readdirSync(`/proc/${pid}/fd`).filter((fd) => linkOf(`/proc/${pid}/fd/${fd}`).startsWith('socket:'))
    .length;
}
