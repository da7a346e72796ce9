import { type Finding, median, timed } from '../report.ts';
import { BareBash } from './bare-bash.ts';
import { run, Sessions } from './sessions.ts';

const SHELLS = 50;
const COMMANDS = 100;
const ROUNDS = 5;

/** 50 shells at once, each one command after the other; in the engine and over bare pipes, in turn. */
export async function manyShells(): Promise<Finding[]> {
  await using sessions = await Sessions.in();
  const shells = await Promise.all(Array.from({ length: SHELLS }, () => sessions.start()));
  const bares = Array.from({ length: SHELLS }, () => new BareBash(sessions.bash.path));
  try {
    const [ours, theirs]: [number[], number[]] = [[], []];
    for (let round = 0; round <= ROUNDS; round++) {
      const engine = await perSecond(shells, (shell) => run(shell, 'true'));
      const peer = await perSecond(bares, (bare) => bare.run('true'));
      if (round === 0) continue; // warms up
      ours.push(engine);
      theirs.push(peer);
    }
    return [
      { name: `commands per second over ${SHELLS} shells, engine`, value: median(ours).toFixed(0) },
      { name: `commands per second over ${SHELLS} bare bashes`, value: median(theirs).toFixed(0) },
      { name: 'ratio', value: (median(ours) / median(theirs)).toFixed(2) },
    ];
  } finally {
    await Promise.all([...bares, ...shells].map((shell) => shell.close()));
  }
}

async function perSecond<T>(shells: readonly T[], command: (shell: T) => Promise<void>): Promise<number> {
  const ms = await timed(() =>
    Promise.all(
      shells.map(async (shell) => {
        for (let index = 0; index < COMMANDS; index++) await command(shell);
      }),
    ),
  );
  return (SHELLS * COMMANDS * 1000) / ms;
}
