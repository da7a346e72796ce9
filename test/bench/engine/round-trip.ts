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
  const engine = () => run(session, 'true');
  const peer = () => bare.run('true');
  try {
    for (let warm = 0; warm < WARM_UP; warm++) {
      await engine();
      await peer();
    }
    const [ours, theirs]: [number[], number[]] = [[], []];
    for (let round = 0; round < ROUNDS; round++) {
      for (let index = 0; index < TRIES; index++) ours.push((await timed(engine)) * 1000);
      for (let index = 0; index < TRIES; index++) theirs.push((await timed(peer)) * 1000);
    }
    const ratio = median(ours) / median(theirs);
    return [
      { name: 'true in the engine, p50', value: `${median(ours).toFixed(0)} µs` },
      { name: 'true in a bare bash over a pipe, p50', value: `${median(theirs).toFixed(0)} µs` },
      { name: 'ratio', value: ratio.toFixed(2), target: atMost(2, ratio) },
    ];
  } finally {
    await bare.close();
    await session.close();
  }
}
