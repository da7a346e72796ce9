import { expect } from 'vitest';
import { DevboxClient } from '../../../src/sdk/client.ts';
import type { ExecutionResult } from '../../../src/sdk/execution-result.ts';
import type { NamedShell } from '../../../src/sdk/named-shell.ts';
import { drawScenario, producedBy, type Scenario } from './scenario.ts';
import type { UnreliableService } from './unreliable-service.ts';

export interface Delivered {
  result?: ExecutionResult;
  stdout: string;
  stderr: string;
}

/** Uses the client as the scenario says, and gathers what it hands out. */
export async function use(shell: NamedShell, scenario: Scenario, command: string): Promise<Delivered> {
  const got = { stdout: '', stderr: '' };
  const callbacks = {
    stdout: (chunk: string) => {
      got.stdout += chunk;
    },
    stderr: async (chunk: string) => {
      await new Promise(setImmediate);
      got.stderr += chunk;
    },
  };
  const read = async (stream: 'stdout' | 'stderr', bytes: AsyncIterable<Uint8Array>) => {
    const chunks: Uint8Array[] = [];
    for await (const chunk of bytes) chunks.push(chunk);
    got[stream] = Buffer.concat(chunks).toString();
  };
  switch (scenario.use) {
    case 'exec': {
      const result = await shell.exec(command);
      return { result, stdout: await result.stdout(), stderr: await result.stderr() };
    }
    case 'exec with callbacks':
      return Object.assign(got, { result: await shell.exec(command, callbacks) });
    case 'callbacks': {
      const execution = await shell.execAsync(command, callbacks);
      return Object.assign(got, { result: await execution.result() });
    }
    case 'stdin':
    case 'bytes': {
      const execution = await shell.execAsync(command, { attach_stdin: scenario.use === 'stdin' });
      const [result] = await Promise.all([
        execution.result(),
        read('stdout', execution.bytes('stdout')),
        read('stderr', execution.bytes('stderr')),
      ]);
      return Object.assign(got, { result });
    }
  }
}

/** @returns what is wrong; undefined when nothing is */
export async function play(service: UnreliableService, seed: number): Promise<string | undefined> {
  const scenario = drawScenario(seed);
  const room = service.open(scenario);
  const client = new DevboxClient({
    baseURL: room.url,
    bearerToken: 'k',
    timeout: 1000,
    holdSeconds: 1,
    streamIdleMs: 1000,
    // On a busy machine a time-out may come on top of what goes wrong by itself.
    maxRetries: 10,
  });
  try {
    const delivered = await use(client.devbox.fromId('d').shell('main'), scenario, 'the command');
    expect(room.starts, 'starts').toBe(1);
    expectRight(delivered, scenario);
    await room.quiet();
  } catch (error) {
    const { use, embedded } = scenario;
    const mayBeUnknown =
      use === 'stdin' && !embedded && (error as { kind?: string }).kind === 'unknown_outcome';
    if (mayBeUnknown && room.starts <= 1) return undefined;
    const { reading } = scenario;
    const why = error instanceof Error ? `${error.message.slice(0, 300)}` : String(error);
    return JSON.stringify({ seed, use, embedded, reading, why, faults: room.faults.told }, null, 1);
  } finally {
    await client.close();
  }
  return undefined;
}

/** That the command's end and every byte arrived. */
export function expectRight({ result, stdout, stderr }: Delivered, scenario: Scenario): void {
  expect(result?.exitCode, 'exit status').toBe(scenario.exitStatus);
  expect(stdout === producedBy(scenario, 'stdout'), `stdout: ${stdout.length}`).toBe(true);
  expect(stderr === producedBy(scenario, 'stderr'), `stderr: ${stderr.length}`).toBe(true);
}
