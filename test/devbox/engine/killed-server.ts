/** Keeps a shell whose command waits for a line in the FIFO `gate`, and tells bash's pid; made to be killed. */
import { join } from 'node:path';
import { findBash } from '../../../src/devbox/engine/bash/find-bash.ts';
import { BashSession } from '../../../src/devbox/engine/bash-session.ts';

const folder = process.argv[2] ?? '';
const session = await BashSession.start({
  bash: await findBash(process.env),
  dir: join(folder, 'shell'),
  cwd: folder,
  env: { PATH: process.env.PATH ?? '' },
});
session.run({
  command: 'mkfifo gate; echo ready; read -r line <gate',
  stdin: 'none',
  stdout: () => process.send?.(session.pid),
  stderr: (chunk) => process.stderr.write(chunk),
});
