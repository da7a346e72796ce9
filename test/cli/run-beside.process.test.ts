import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { createReadStream } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { LOCAL_DEVBOX_ID } from '../../src/api/extension/server.ts';
import { runBeside } from '../../src/cli/port/run-beside.ts';
import { DevboxClient } from '../../src/sdk/client.ts';
import { startTestDevbox } from '../helpers/devbox-server.ts';

test('what is run beside the shells gives its output; the signal ends the command itself', async () => {
  await using served = await startTestDevbox();
  await using client = new DevboxClient({ socketPath: served.server.socketPath });
  const devbox = client.devbox.fromId(LOCAL_DEVBOX_ID);
  const lines = await runBeside(devbox, 'seq 5000', new AbortController().signal);
  expect(lines.split('\n')).toHaveLength(5001);

  const fifo = path.join(served.home, 'fifo');
  execFileSync('mkfifo', [fifo]);
  const abort = new AbortController();
  const running = runBeside(devbox, `exec 3>'${fifo}'; echo begun >&3; sleep 1000`, abort.signal);
  const reader = createReadStream(fifo);
  await once(reader, 'data');
  // It ends when nobody is left who could write.
  const ended = once(reader, 'close');
  abort.abort();
  await expect(running).rejects.toThrow();
  await ended;
  await expect(runBeside(devbox, 'true', abort.signal)).rejects.toThrow();
});
