/** Runs the commands it is sent in one shell, each output into a spool, and tells what it sees; made to be killed. */
import { join } from 'node:path';
import { findBash } from '../../../src/devbox/engine/bash/find-bash.ts';
import { BashSession, type RunningCommand } from '../../../src/devbox/engine/bash-session.ts';
import { Spool } from '../../../src/devbox/engine/spool/spool.ts';

export interface Order {
  run?: string;
  tag?: string;
  stdin?: 'none' | 'attached';
  write?: string;
  close?: true;
}

const [folder = '', mode = '', bashFolder = ''] = process.argv.slice(2);
const dir = join(folder, 'shell');
let running: RunningCommand | undefined;

function outputs(tag: string | undefined) {
  const stdout = Spool.open({ path: join(folder, `${tag}.stdout`), durable: true });
  return {
    stdout: (chunk: Uint8Array) => {
      stdout.append(chunk);
      process.send?.({ seen: Buffer.from(chunk).toString('latin1') });
    },
    stderr: (chunk: Uint8Array) => void process.stderr.write(chunk),
  };
}

async function start(): Promise<BashSession> {
  return BashSession.start({
    bash: await findBash({ PATH: bashFolder }),
    dir,
    cwd: folder,
    env: { PATH: process.env.PATH ?? '', HOME: folder },
    orphanLifeMs: 600_000,
    snapshotPath: join(folder, 'snapshot'),
  });
}

async function adopt(): Promise<BashSession> {
  const { session, last } = await BashSession.adopt({ dir, sinks: outputs });
  running = last?.command;
  return session;
}

const session = await (mode === 'adopt' ? adopt() : start());

process.on('message', async ({ run, tag = 'first', stdin = 'none', write, close }: Order) => {
  if (run !== undefined) {
    if (running) await running.outcome;
    running = session.run({ command: run, stdin, tag, ...outputs(tag) });
    process.send?.({ outcome: await running.outcome });
  }
  if (write !== undefined) await running?.writeStdin(write);
  if (close) running?.closeStdin();
});
process.send?.({ pid: session.pid });
