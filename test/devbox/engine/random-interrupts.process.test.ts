import { join } from 'node:path';
import { expect, test } from 'vitest';
import { endLeftOver } from '../../left-over-processes.ts';
import { interruptAtRandom } from './interrupt-at-random.ts';
import { bashes, label, temporaryFolder } from './shell-under-test.ts';

test.each(bashes.map((bash) => [label(bash), bash] as const))(
  '%s: 200 interrupts at random times: no hang, state kept, in step, background jobs alive',
  async (_name, bash) => {
    const folder = temporaryFolder();
    const env = { PATH: process.env.PATH ?? '', HOME: folder };
    const options = { bash, dir: join(folder, 'shell'), cwd: folder, env };
    const { errors, hangs } = await interruptAtRandom(options, {
      tries: 200,
      seed: 20_240_601,
      limitMs: 20_000,
    });
    // What has a session of its own outlives its interrupted parent, and its shell.
    endLeftOver(folder);
    expect({ errors, hangs }).toEqual({ errors: [], hangs: [] });
  },
);
