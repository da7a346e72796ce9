import { type Finding, median, timed } from '../report.ts';
import { BareBash } from './bare-bash.ts';
import { run, Sessions } from './sessions.ts';

const ROUNDS = 40;

/** From nothing to the first command's exit status, in the engine and over a bare pipe, in turn. */
export async function shellStart(): Promise<Finding[]> {
  await using sessions = await Sessions.in();
  const [ours, theirs, closes]: [number[], number[], number[]] = [[], [], []];
  for (let round = 0; round < ROUNDS; round++) {
    let started = performance.now();
    const session = await sessions.start();
    await run(session, 'true');
    ours.push(performance.now() - started);
    closes.push(await timed(() => session.close()));
    started = performance.now();
    const bare = new BareBash(sessions.bash.path);
    await bare.run('true');
    theirs.push(performance.now() - started);
    await bare.close();
  }
  return [
    { name: 'shell start to the first answer, engine', value: `${median(ours).toFixed(1)} ms` },
    { name: 'bare bash to its first answer', value: `${median(theirs).toFixed(1)} ms` },
    { name: 'ratio', value: (median(ours) / median(theirs)).toFixed(2) },
    { name: 'shell close, engine', value: `${median(closes).toFixed(1)} ms` },
  ];
}
