import { expect, test } from 'vitest';
import { routes } from '../../../src/api/routes.ts';
import { startTestDevbox } from '../../helpers/devbox-server.ts';
import { execute, launch } from './commands.ts';
import { get } from './raw-client.ts';

test('executions are listed by shell and status, oldest first, the newest of too many', async () => {
  await using devbox = await startTestDevbox();
  for (const command of ['echo a', 'echo b', 'echo c']) await execute(devbox, command, 'one');
  await execute(devbox, 'echo elsewhere', 'two');
  const running = await launch(devbox, 'sleep 1000', 'two');
  const list = async (query: string) =>
    (await get(devbox, `${routes.executions('local')}?${query}`)).body.executions as {
      execution_id: string;
      nsh: { command: string; number: number };
    }[];
  const commands = async (query: string) => (await list(query)).map(({ nsh }) => nsh.command);
  expect(await commands('')).toEqual(['echo a', 'echo b', 'echo c', 'echo elsewhere', 'sleep 1000']);
  expect(await commands('shell_name=one&limit=2')).toEqual(['echo b', 'echo c']);
  expect((await list('')).map(({ nsh }) => nsh.number)).toEqual([1, 2, 3, 1, 2]);
  expect(await commands('status=running,queued')).toEqual(['sleep 1000']);
  const [first] = await list('status=running');
  expect(first?.execution_id).toBe(running);
  expect((await list('shell_name=one'))[0]).not.toHaveProperty('stdout');
  const refused = await get(devbox, `${routes.executions('local')}?status=done`);
  expect(refused).toMatchObject({ status: 400, body: { code: 'query_invalid' } });
});
