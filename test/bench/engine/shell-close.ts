import type { BashSession } from '../../../src/devbox/engine/bash-session.ts';
import { type Finding, timed } from '../report.ts';
import { Sessions } from './sessions.ts';

const FEW = 20;
const MANY = 200;
const AT_ONCE = 20;

/** Shells that are closed all at once: what each costs must not grow with their number. */
export async function shellClose(): Promise<Finding[]> {
  await using sessions = await Sessions.in();
  const few = await closeAtOnce(sessions, FEW);
  const many = await closeAtOnce(sessions, MANY);
  return [
    { name: `${FEW} shells closed at once, each`, value: `${few.toFixed(1)} ms` },
    { name: `${MANY} shells closed at once, each`, value: `${many.toFixed(1)} ms` },
    { name: 'ratio', value: (many / few).toFixed(2) },
  ];
}

async function closeAtOnce(sessions: Sessions, count: number): Promise<number> {
  const shells: BashSession[] = [];
  for (let started = 0; started < count; started += AT_ONCE) {
    shells.push(...(await Promise.all(Array.from({ length: AT_ONCE }, () => sessions.start()))));
  }
  return (await timed(() => Promise.all(shells.map((shell) => shell.close())))) / count;
}
