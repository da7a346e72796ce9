import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { seeded } from '../../devbox/engine/random-times.ts';
import { handles, isMoreThan } from '../../helpers/handles.ts';
import { SEED } from '../../helpers/seeded-bytes.ts';
import { play } from './play.ts';
import { UnreliableService } from './unreliable-service.ts';

const SCENARIOS = 500;
const AT_ONCE = 60;
/** For a machine that does much else, ms. */
const TEST_TIMEOUT = 180_000;

let service: UnreliableService;
beforeAll(async () => {
  service = await UnreliableService.start();
});
afterAll(() => service.close());

const claim = `whatever the service does, ${SCENARIOS} commands start once and every byte arrives once`;

test(claim, { timeout: TEST_TIMEOUT }, async () => {
  const random = seeded(SEED);
  // Breaks between tries are as they are, but a hundred times shorter.
  const jitter = vi.spyOn(Math, 'random').mockImplementation(() => random() / 100);
  const before = handles();
  const failures: string[] = [];
  let next = 0;
  const worker = async () => {
    while (next < SCENARIOS) {
      const failure = await play(service, SEED * 1_000_000 + next++);
      if (failure !== undefined) failures.push(failure);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  await service.deserted();
  jitter.mockRestore();
  expect(failures.slice(0, 3).join('\n'), `${failures.length} failed; NSH_SEED=${SEED} repeats this`).toBe(
    '',
  );
  await vi.waitUntil(() => !isMoreThan(handles(), before), { timeout: TEST_TIMEOUT });
});
