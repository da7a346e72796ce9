import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { atMost, type Finding, median, timed } from '../report.ts';
import { BareBash } from './bare-bash.ts';
import { run, Sessions } from './sessions.ts';

const WARM_UP = 300;
const ROUNDS = 20;
const TRIES = 200;

/** From a command to its exit status, in the engine and over a bare pipe, in turn. */
export async function roundTrip(): Promise<Finding[]> {
  await using sessions = await Sessions.in();
  const session = await sessions.start();
  const bare = new BareBash(sessions.bash.path);
  const file = join(sessions.folder, 'command');
  await writeFile(file, 'true');
  const engine = () => run(session, 'true');
  const peer = () => bare.run('true');
  const redirected = () => bare.runRedirected(file);
  try {
    for (let warm = 0; warm < WARM_UP; warm++) {
      await engine();
      await peer();
      await redirected();
    }
    const [ours, theirs, least]: [number[], number[], number[]] = [[], [], []];
    for (let round = 0; round < ROUNDS; round++) {
      for (let index = 0; index < TRIES; index++) ours.push((await timed(engine)) * 1000);
      for (let index = 0; index < TRIES; index++) theirs.push((await timed(peer)) * 1000);
      for (let index = 0; index < TRIES; index++) least.push((await timed(redirected)) * 1000);
    }
    const ratio = median(ours) / median(theirs);
    return [
      { name: 'true in the engine, p50', value: `${median(ours).toFixed(0)} µs` },
      { name: 'true in a bare bash over a pipe, p50', value: `${median(theirs).toFixed(0)} µs` },
      { name: 'ratio', value: ratio.toFixed(2), target: atMost(2, ratio) },
      {
        name: 'the same, from a file and with its streams redirected, p50',
        value: `${median(least).toFixed(0)} µs`,
      },
      { name: 'ratio', value: (median(ours) / median(least)).toFixed(2) },
    ];
  } finally {
    await bare.close();
    await session.close();
  }
}
