import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { routes } from '../../../src/api/routes.ts';
import { post } from '../../devbox/http/raw-client.ts';
import { MortalDevbox } from '../../devbox/recovery/mortal-devbox.ts';
import { atLeast, type Finding, median, timed } from '../report.ts';

const PEER = fileURLToPath(new URL('../fixtures/sse-peer.ts', import.meta.url));
const BYTES = 2 ** 30;
const MB = BYTES / 1e6;
/** Of a log, about. */
const LINE = `2026-01-01T00:00:00.000Z info  "GET /index.html" 200 ${'x'.repeat(48)}\n`;
const COMMAND = `yes '${LINE.trimEnd()}' | head -c ${BYTES}`;
const ROUNDS = 3;

/** 1 GiB of output while it is printed: from the devbox, and from bare `node:http` servers, in turn. */
export async function gibibyte(): Promise<Finding[]> {
  await using devbox = await MortalDevbox.start();
  const [ours, theirs, made]: [number[], number[], number[]] = [[], [], []];
  for (let round = 0; round < ROUNDS; round++) {
    ours.push(await throughDevbox(devbox, 1));
    theirs.push(await throughPeer(1, [COMMAND]));
    made.push(await throughPeer(1, ['', String(BYTES), LINE]));
  }
  const ten = await throughDevbox(devbox, 10);
  const tenPeer = await throughPeer(10, [COMMAND]);
  const rate = (ms: number) => `${(MB / (ms / 1000)).toFixed(0)} MB/s`;
  const ratio = median(theirs) / median(ours);
  return [
    { name: '1 GiB to one subscriber, devbox', value: rate(median(ours)) },
    { name: 'the same command behind a bare node:http server', value: rate(median(theirs)) },
    { name: 'ratio', value: ratio.toFixed(2), target: atLeast(0.5, ratio) },
    { name: 'the same bytes from its memory, without a command', value: rate(median(made)) },
    { name: 'ratio', value: (median(made) / median(ours)).toFixed(2) },
    { name: '1 GiB to ten subscribers, devbox: each', value: rate(ten) },
    { name: 'the same command behind a bare node:http server: each', value: rate(tenPeer) },
    { name: 'ratio', value: (tenPeer / ten).toFixed(2) },
  ];
}

/** @returns ms until the last reader has everything */
async function throughDevbox(devbox: MortalDevbox, readers: number): Promise<number> {
  const socketPath = devbox.server.socketPath ?? '';
  const launch = { command: COMMAND, shell_name: 'main' };
  await post(devbox, routes.execute('local'), {
    ...launch,
    command: 'true',
    command_id: crypto.randomUUID(),
  });
  return timed(async () => {
    const { execution_id } = (await post(devbox, routes.executeAsync('local'), launch)).body;
    const path = routes.stream('local', execution_id, 'stdout');
    await readAll(socketPath, path, readers);
  });
}

async function throughPeer(readers: number, how: readonly string[]): Promise<number> {
  const socketPath = join(tmpdir(), `nsh-bench-${process.pid}-${crypto.randomUUID()}.sock`);
  const child = spawn(process.execPath, [PEER, socketPath, String(readers), ...how], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  try {
    await once(child.stdout, 'data');
    return await timed(() => readAll(socketPath, '/', readers));
  } finally {
    await ended(child);
  }
}

async function ended(child: ChildProcess): Promise<void> {
  const exit = once(child, 'exit');
  child.kill('SIGTERM');
  await exit;
}

async function readAll(socketPath: string, path: string, readers: number): Promise<void> {
  const sizes = await Promise.all(Array.from({ length: readers }, () => read(socketPath, path)));
  for (const size of sizes) {
    if (size < BYTES) throw new Error(`A reader got ${size} bytes of events for ${BYTES} of output.`);
  }
}

/** @returns bytes of the body */
function read(socketPath: string, path: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const outgoing = request({ socketPath, path, agent: false }, (incoming) => {
      let size = 0;
      incoming.on('data', (chunk: Buffer) => {
        size += chunk.length;
      });
      incoming.once('error', reject);
      incoming.once('end', () => resolve(size));
    });
    outgoing.once('error', reject);
    outgoing.end();
  });
}
