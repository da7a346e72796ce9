import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { LOCAL_DEVBOX_ID } from '../../../src/api/extension/server.ts';
import { DevboxClient } from '../../../src/sdk/client.ts';
import { MortalDevbox } from '../../devbox/recovery/mortal-devbox.ts';

test.each([
  ['exec', false],
  ['execAsync', false],
  ['execAsync with stdin', true],
])(
  '%s goes on over a server that is killed and comes back: started once, every byte once',
  async (how, stdin) => {
    const { random } = Math;
    // Breaks between tries are a tenth as long.
    const jitter = vi.spyOn(Math, 'random').mockImplementation(() => random() / 10);
    onTestFinished(() => jitter.mockRestore());
    await using devbox = await MortalDevbox.start();
    const retrying = Promise.withResolvers<void>();
    const { socketPath } = devbox.server;
    const client = new DevboxClient({
      ...(socketPath === undefined ? {} : { socketPath }),
      maxRetries: 1000,
      onConnection: ({ state }) => state === 'retrying' && retrying.resolve(),
    });
    const shell = client.devbox.fromId(LOCAL_DEVBOX_ID).shell('main');
    const command = 'echo ran >>starts; seq 1000; read -r line <gate; seq 1001 2000';
    await shell.exec('mkfifo gate');
    let printed = '';
    const begun = Promise.withResolvers<void>();
    const stdout = (chunk: string) => {
      printed += chunk;
      if (printed.includes('1000\n')) begun.resolve();
    };
    const running = (async () => {
      if (how === 'exec') return await shell.exec(command, { stdout });
      const execution = await shell.execAsync(command, { stdout, attach_stdin: stdin });
      return await execution.result();
    })();
    await begun.promise;
    await devbox.kill();
    await retrying.promise;
    // Launched while nobody is there: it waits for the next server.
    const behind = shell.exec('echo behind >>starts');
    await devbox.start();
    const other = client.devbox.fromId(LOCAL_DEVBOX_ID).shell('other');
    await other.exec('echo go >gate');
    const result = await running;
    await behind;
    expect(result.exitCode).toBe(0);
    expect(printed).toBe(Array.from({ length: 2000 }, (_, index) => `${index + 1}\n`).join(''));
    expect(readFileSync(join(devbox.home, 'starts'), 'utf8')).toBe('ran\nbehind\n');
    await client.close();
  },
);
