import { routes } from '../../../src/api/routes.ts';
import { post } from '../../devbox/http/raw-client.ts';
import { MortalDevbox } from '../../devbox/recovery/mortal-devbox.ts';
import { type Finding, median, timed } from '../report.ts';

const SHELLS = 20;
const ROUNDS = 5;

/** From the start of a server's process until every shell has answered: shells that are taken over, and new ones, in turn. */
export async function adoption(): Promise<Finding[]> {
  const [adopted, fresh]: [number[], number[]] = [[], []];
  for (let round = 0; round < ROUNDS; round++) {
    await using devbox = await MortalDevbox.start();
    await answers(devbox);
    await devbox.kill();
    adopted.push(
      await timed(async () => {
        await devbox.start();
        await answers(devbox);
      }),
    );
    await post(devbox, routes.stopServer());
    await devbox.ended();
    fresh.push(
      await timed(async () => {
        await devbox.start();
        await answers(devbox);
      }),
    );
  }
  return [
    {
      name: `server killed with -9: ${SHELLS} shells taken over and answering`,
      value: `${median(adopted).toFixed(0)} ms`,
    },
    { name: `server started: ${SHELLS} new shells answering`, value: `${median(fresh).toFixed(0)} ms` },
    { name: 'ratio', value: (median(adopted) / median(fresh)).toFixed(2) },
  ];
}

async function answers(devbox: MortalDevbox): Promise<void> {
  const names = Array.from({ length: SHELLS }, (_, index) => `shell-${index}`);
  const bodies = await Promise.all(
    names.map(async (name) => {
      const launch = { command: 'true', shell_name: name };
      return (await post(devbox, routes.execute('local'), { ...launch, command_id: crypto.randomUUID() }))
        .body;
    }),
  );
  for (const { exit_status } of bodies) {
    if (exit_status !== 0) throw new Error(`A shell did not answer: exit status ${exit_status}.`);
  }
}
