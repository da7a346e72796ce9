import { setTimeout as delay } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import { routes } from '../../../src/api/routes.ts';
import { childrenOf, cpuTicks, wakeUps } from '../../helpers/process-facts.ts';
import { type ChildDevbox, startChildDevbox } from './child-devbox.ts';
import { execute, launch, whenStatus } from './commands.ts';
import { open } from './raw-client.ts';

/** A rate is what is measured, so this is a time, ms. */
const WINDOW_MS = 3_000;
/** Longer than a shell is idle before it notes its state, ms. */
const SETTLED_MS = 400;
const SHELLS = 20;

async function subscribe(devbox: ChildDevbox, path: string): Promise<void> {
  const incoming = await open(devbox, { method: 'GET', path });
  onTestFinished(() => void incoming.destroy());
  incoming.resume();
}

test.skipIf(process.platform !== 'linux')(
  'at rest nothing uses the CPU: shells, their keepers, subscribers and a command that sleeps',
  async () => {
    await using devbox = await startChildDevbox(':');
    for (let n = 0; n < SHELLS; n++) await execute(devbox, 'A=1; sleep 1000 &', `shell-${n}`);
    const id = await launch(devbox, 'sleep 1000', 'busy');
    await whenStatus(devbox, id, 'running');
    for (let n = 0; n < 50; n++) await subscribe(devbox, routes.devboxEvents('local'));
    for (let n = 0; n < 50; n++) await subscribe(devbox, routes.stream('local', id, 'stdout'));
    for (let n = 0; n < 50; n++) await subscribe(devbox, routes.output('local', id, 'stderr'));
    const others = childrenOf(devbox.pid);
    expect(others.length).toBeGreaterThanOrEqual(SHELLS + 1);
    const wakeUpsOfOthers = () => others.reduce((sum, pid) => sum + wakeUps(pid), 0);
    // The shells note their state once when they have been idle for a moment: that is no rest yet.
    let seen = wakeUpsOfOthers();
    for (let last = -1; last !== seen; ) {
      await delay(SETTLED_MS);
      last = seen;
      seen = wakeUpsOfOthers();
    }
    const before = { ticks: cpuTicks(devbox.pid), wakeUps: wakeUps(devbox.pid) };
    await delay(WINDOW_MS);
    expect(cpuTicks(devbox.pid) - before.ticks).toBeLessThanOrEqual(2);
    // A handful: the look after the command that runs, and after the socket.
    expect(wakeUps(devbox.pid) - before.wakeUps).toBeLessThan(25);
    expect(wakeUpsOfOthers()).toBe(seen);
  },
);
