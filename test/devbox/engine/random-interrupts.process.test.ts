import { describe, expect, test } from 'vitest';
import { seeded, turns } from './random-times.ts';
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
