import { askKey, canAsk } from '../ask-key.ts';
import type { Connection } from '../connection.ts';
import { tell } from '../standard-streams.ts';
import { type OtherBuild, otherBuild } from './other-build.ts';
import { type LocalServer, restartLocal, restartReport } from './restart-local.ts';

/**
 * Says when the local devbox is served by another build of nsh than this one, and offers to put this one in its place.
 *
 * @throws CliError when the user leaves instead of an answer, or the restart fails
 */
export async function meetOtherBuild(local: LocalServer): Promise<void> {
  const server = await local.connection.client.server();
  const other = server && otherBuild(server);
  if (other === undefined) return;
  const { sentence, advice, keepsShells } = other;
  if (!keepsShells || !canAsk()) return tell(`${sentence} ${advice}`);
  if ((await ask(other)) === 'go-on') return;
  await tell(restartReport(await restartLocal(local)));
}

/** The same without a question, for people alone: a program's stderr must hold what the command wrote and nothing else. */
export async function tellOtherBuild({ client, isLocal }: Connection): Promise<void> {
  const server = isLocal && process.stderr.isTTY ? await client.server() : undefined;
  const other = server && otherBuild(server);
  if (other) await tell(`${other.sentence} ${other.advice}`);
}

function ask({ sentence, outdated }: OtherBuild): Promise<'restart' | 'go-on'> {
  const byDefault = outdated ? 'restart' : 'go-on';
  const [restart, goOn] = outdated ? ['r or Enter', 'g'] : ['r', 'g or Enter'];
  return askKey({
    text: `${sentence}\n  ${restart}: restart it, shells and what runs stay\n  ${goOn}: go on with it as it is`,
    answers: { r: 'restart', g: 'go-on' },
    byDefault,
    left: 'left as it is, no shell was attached to.',
  });
}
