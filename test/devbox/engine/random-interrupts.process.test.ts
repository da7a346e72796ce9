import { describe, expect, test } from 'vitest';
import { bashes, isAlive, label, startShell } from './shell-under-test.ts';

const TRIES = 60;
const COMMANDS = [
  'while :; do :; done',
  'while :; do /bin/true; done',
  'sleep 100',
  'sleep 100 | cat',
  'for i in 1 2 3 4 5 6 7 8; do echo $i; done',
  'true',
  'x=$(sleep 100)',
  'timeout 100 sleep 100',
  'while read -r line; do :; done < <(yes)',
];

/** Mulberry32: small, seeded, good enough for times. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Event loop turns rather than time: they hit the moments between begin and end markers. */
async function turns(count: number): Promise<void> {
  for (let turn = 0; turn < count; turn++) await new Promise((resolve) => setImmediate(resolve));
}

describe.each(bashes.map((bash) => [label(bash), bash] as const))('%s', (_name, bash) => {
  test(`${TRIES} interrupts at random times: no hang, state kept, in step`, async () => {
    const random = seeded(20_240_601);
    const shell = await startShell({ bash });
    await shell.run('count=0; cd /usr');
    const job = await shell.background();
    for (let round = 1; round <= TRIES; round++) {
      const command = COMMANDS[Math.floor(random() * COMMANDS.length)] as string;
      const stuck = shell.launch(command);
      await turns(Math.floor(random() ** 3 * 400));
      stuck.running.interrupt();
      const outcome = await stuck.outcome;
      expect(outcome.kind, command).toBe('exited');
      expect([0, 130], command).toContain(outcome.exitStatus);
      const counted = await shell.run('count=$((count + 1)); echo "$count $PWD"');
      expect(counted.stdout, command).toBe(`${round} /usr\n`);
    }
    expect(await isAlive(job)).toBe(true);
  });
});
