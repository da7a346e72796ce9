import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { LOCAL_DEVBOX_ID } from '../../../src/api/extension/server.ts';
import { DevboxClient } from '../../../src/sdk/client.ts';
import { seeded } from '../../devbox/engine/random-times.ts';
import { startTestDevbox, type TestDevbox } from '../../helpers/devbox-server.ts';
import { SEED } from '../../helpers/seeded-bytes.ts';
import { type ConnectionFault, TcpProxy } from '../../helpers/tcp-proxy.ts';
import { expectRight, use } from './play.ts';
import { drawScenario, pick, producedBy, type Scenario } from './scenario.ts';

const SCENARIOS = 50;
const AT_ONCE = 10;
/** For a machine that does much else, ms. */
const TEST_TIMEOUT = 180_000;
/** More in a row, and a client would give up. */
const MOST_IN_A_ROW = 4;

let devbox: TestDevbox;
beforeAll(async () => {
  devbox = await startTestDevbox();
});
afterAll(() => devbox[Symbol.asyncDispose]());

/** A command of real bash that leaves a mark when it starts, and prints what the scenario says. */
function prepare(scenario: Scenario): { command: string; starts: () => number } {
  const name = `scenario-${scenario.seed}`;
  const folder = join(devbox.home, name);
  mkdirSync(folder);
  for (const stream of ['stdout', 'stderr'] as const) {
    writeFileSync(join(folder, stream), producedBy(scenario, stream));
  }
  const printing = `cd; echo ran >>${name}/starts; cat ${name}/stdout; cat ${name}/stderr >&2`;
  return {
    command: `${printing}; (exit ${scenario.exitStatus})`,
    starts: () => readFileSync(join(folder, 'starts'), 'utf8').split('\n').length - 1,
  };
}

function drawFaults({ random, faults }: Scenario): {
  draw: () => ConnectionFault | undefined;
  told: string[];
} {
  const told: string[] = [];
  let inARow = 0;
  let left = faults;
  return {
    told,
    draw() {
      if (left === 0 || inARow === MOST_IN_A_ROW || random() < 0.3) {
        inARow = 0;
        return undefined;
      }
      left -= 1;
      inARow += 1;
      const kind = pick(random, ['reset', 'reset', 'end', 'end', 'stall', 'half-open'] as const);
      const fault = { kind, after: Math.floor(random() ** 3 * 20_000) };
      told.push(`${fault.kind} after ${fault.after}`);
      return fault;
    },
  };
}

/** @returns what is wrong; undefined when nothing is */
async function play(seed: number): Promise<string | undefined> {
  const scenario = drawScenario(seed);
  const { command, starts } = prepare(scenario);
  const { draw, told } = drawFaults(scenario);
  await using proxy = await TcpProxy.start({ path: devbox.server.socketPath ?? '' }, draw);
  const client = new DevboxClient({
    baseURL: proxy.url,
    bearerToken: 'k',
    timeout: 2000,
    holdSeconds: 1,
    streamIdleMs: 1000,
    maxRetries: 10,
  });
  try {
    const shell = client.devbox.fromId(LOCAL_DEVBOX_ID).shell(`shell-${seed}`);
    const delivered = await use(shell, scenario, command);
    expect(starts(), 'starts').toBe(1);
    expectRight(delivered, scenario);
    await shell.close();
  } catch (error) {
    const why = error instanceof Error ? error.message.slice(0, 400) : String(error);
    return JSON.stringify({ seed, use: scenario.use, why, told }, null, 1);
  } finally {
    await client.close();
    await proxy.deserted();
  }
  return undefined;
}

const claim = `over connections that break, stall and hang, ${SCENARIOS} commands of bash start once and every byte arrives once`;

test(claim, { timeout: TEST_TIMEOUT }, async () => {
  const random = seeded(SEED);
  const jitter = vi.spyOn(Math, 'random').mockImplementation(() => random() / 20);
  const failures: string[] = [];
  let next = 0;
  const worker = async () => {
    while (next < SCENARIOS) {
      const failure = await play(SEED * 1_000_000 + next++);
      if (failure !== undefined) failures.push(failure);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  jitter.mockRestore();
  const note = `${failures.length} failed; NSH_SEED=${SEED} repeats this`;
  expect(failures.slice(0, 3).join('\n'), note).toBe('');
});
