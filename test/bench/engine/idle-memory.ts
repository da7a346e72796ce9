import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { routes } from '../../../src/api/routes.ts';
import { listProcesses } from '../../../src/devbox/engine/processes/process-table.ts';
import { post, send } from '../../devbox/http/raw-client.ts';
import { MortalDevbox } from '../../devbox/recovery/mortal-devbox.ts';
import type { Finding } from '../report.ts';
import { BareBash } from './bare-bash.ts';

const WARM_UP = 20;
const SHELLS = 100;
/** Longer than a shell must be idle to write its snapshot. */
const SETTLED_MS = 3000;

/** What an idle shell costs: memory of the server for it, and its own processes. Linux alone tells. */
export async function idleMemory(): Promise<Finding[]> {
  if (process.platform !== 'linux') return [{ name: 'memory per idle shell', value: 'not told here' }];
  await using devbox = await MortalDevbox.start();
  await open(devbox, 0, WARM_UP);
  await delay(SETTLED_MS);
  const before = residentKiB(devbox.pid);
  const processesBefore = new Set(await processesOf(devbox));
  await open(devbox, WARM_UP, SHELLS);
  await delay(SETTLED_MS);
  const server = (residentKiB(devbox.pid) - before) / SHELLS;
  const own = (await processesOf(devbox)).filter((pid) => !processesBefore.has(pid));
  const resident = sum(own.map(residentKiB)) / SHELLS;
  const proportional = sum(own.map(proportionalKiB)) / SHELLS;
  const bare = await bareBash();
  return [
    { name: 'server RSS per idle shell', value: `${server.toFixed(0)} KiB` },
    { name: 'its processes: RSS (bash and keeper)', value: `${resident.toFixed(0)} KiB` },
    { name: 'its processes: proportional share (PSS)', value: `${proportional.toFixed(0)} KiB` },
    { name: 'its processes', value: (own.length / SHELLS).toFixed(2) },
    { name: 'a bare bash: RSS', value: `${bare.toFixed(0)} KiB` },
    {
      name: 'ratio of RSS, all that a shell costs to a bare bash',
      value: ((server + resident) / bare).toFixed(2),
    },
  ];
}

async function open(devbox: MortalDevbox, from: number, count: number): Promise<void> {
  for (let index = from; index < from + count; index++) {
    await send(devbox, { method: 'PUT', path: routes.shell('local', `shell-${index}`), body: {} });
    await post(devbox, routes.execute('local'), {
      command: 'true',
      shell_name: `shell-${index}`,
      command_id: crypto.randomUUID(),
    });
  }
}

async function bareBash(): Promise<number> {
  const bare = new BareBash('bash');
  await bare.run('true');
  const rss = residentKiB(bare.pid);
  await bare.close();
  return rss;
}

/** Children of the server, and those who are adopted by another when they detach. */
async function processesOf(devbox: MortalDevbox): Promise<number[]> {
  const inState = (pid: number) => openFiles(pid).some((path) => path.startsWith(devbox.stateDir));
  return (await listProcesses()).map(({ pid }) => pid).filter((pid) => pid !== devbox.pid && inState(pid));
}

function openFiles(pid: number): string[] {
  try {
    return readdirSync(`/proc/${pid}/fd`).flatMap((fd) => {
      try {
        return readlinkSync(`/proc/${pid}/fd/${fd}`);
      } catch {
        return [];
      }
    });
  } catch {
    return []; // gone, or another user's
  }
}

function residentKiB(pid: number): number {
  return field(`/proc/${pid}/status`, 'VmRSS');
}

function proportionalKiB(pid: number): number {
  return field(`/proc/${pid}/smaps_rollup`, 'Pss');
}

function field(path: string, name: string): number {
  return Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(readFileSync(path, 'utf8'))?.[1]);
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
