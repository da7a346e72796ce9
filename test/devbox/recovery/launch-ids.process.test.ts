import { randomUUID } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { routes } from '../../../src/api/routes.ts';
import { whenStatus } from '../http/commands.ts';
import { get, send } from '../http/raw-client.ts';
import { MortalDevbox } from './mortal-devbox.ts';

test.each(['execute', 'execute_async'])(
  'a launch of %s that is sent again to the next server is the same execution: running, waiting and completed',
  async (route) => {
    await using devbox = await MortalDevbox.start();
    const sent = (command: string, id: string) =>
      send(devbox, {
        method: 'POST',
        path: `/v1/devboxes/local/${route}`,
        body: {
          command,
          shell_name: 'main',
          ...(route === 'execute' ? { command_id: id, optimistic_timeout: 0 } : {}),
        },
        headers: route === 'execute' ? {} : { 'x-request-id': id },
      });
    const commands = [
      'echo done >>ran',
      'mkfifo gate; read -r line <gate; echo ran >>ran',
      'echo behind >>ran',
    ];
    const launches = commands.map((command) => ({ command, id: randomUUID() }));
    const before: string[] = [];
    for (const { command, id } of launches) before.push((await sent(command, id)).body.execution_id);
    await whenStatus(devbox, before[0] ?? '');
    await whenStatus(devbox, before[1] ?? '', 'running');
    await devbox.restart();
    const again = [];
    for (const { command, id } of launches) again.push((await sent(command, id)).body);
    expect(again.map(({ execution_id }) => execution_id)).toEqual(before);
    expect(again.map(({ status }) => status)).toEqual(['completed', 'running', 'queued']);
    const [, { id: running = '' } = {}] = launches;
    expect((await sent('echo another', running)).status).toBe(409);
    expect((await get(devbox, routes.execution('local', running))).body.execution_id).toBe(before[1]);
    writeFileSync(join(devbox.home, 'gate'), 'go\n');
    await whenStatus(devbox, before[2] ?? '');
    expect(readFileSync(join(devbox.home, 'ran'), 'utf8')).toBe('done\nran\nbehind\n');
  },
);
