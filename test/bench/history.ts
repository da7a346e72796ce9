import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { scanOn, startScan } from '../../src/repl/editor/history-scan.ts';
import type { PastCommand } from '../../src/repl/editor/past-command.ts';
import { suggest } from '../../src/repl/editor/suggestion.ts';
import { historyPath } from '../../src/repl/runtime/history/history-file.ts';
import { encodeRecord } from '../../src/repl/runtime/history/history-file-records.ts';
import { openHistoryStore } from '../../src/repl/runtime/history/history-store.ts';
import { createPlace } from '../helpers/repl.ts';
import { median } from './report.ts';

const COMMANDS = 100_000;
const SHELLS = 10;
const STARTS = 9;
const HERE = { devbox: 'local', shell: 'main' };

/** A history of 100,000 commands in ten shells: what a start costs with it, reading it, and each key. */
export async function run(): Promise<void> {
  const stateDir = await mkdtemp(path.join(os.tmpdir(), 'nsh-bench-'));
  try {
    await writeHistory(stateDir);
    const store = openHistoryStore(stateDir, 'local');
    report('the newest commands of the shell, at the start', await timed(() => store.newest('main')));
    const before = process.memoryUsage().rss;
    const started = cpuMs();
    const reading = store.all('main', COMMANDS);
    const longest = await longestTurn(reading);
    const { commands } = await reading;
    report(`reading ${commands.length} commands, after the first key`, cpuMs() - started);
    report('  the longest that a key waits meanwhile', longest);
    console.log(`  memory: ${((process.memoryUsage().rss - before) / 2 ** 20).toFixed(0)} MiB`);
    measureKeys(commands);
  } finally {
    await rm(stateDir, { recursive: true, force: true });
  }
  const [without, withHistory] = [createPlace(), createPlace()];
  try {
    for (const place of [without, withHistory]) await startUp(place);
    await writeHistory(withHistory.env.NSH_STATE_DIR ?? '');
    const times: [number[], number[]] = [[], []];
    for (let index = 0; index < STARTS; index += 1) {
      times[0].push(await startUp(without));
      times[1].push(await startUp(withHistory));
    }
    const [empty, full] = times.map(median) as [number, number];
    report('from the start to the prompt, no history', empty);
    report('from the start to the prompt, with it', full);
  } finally {
    without[Symbol.dispose]();
    withHistory[Symbol.dispose]();
  }
}

function measureKeys(commands: readonly PastCommand[]): void {
  for (const text of ['nothing like this', 'command', 'q', 'c9 test']) {
    const steps: number[] = [];
    let started = cpuMs();
    let scan = startScan(commands, { text, scope: 'all', here: HERE });
    steps.push(cpuMs() - started);
    while (!scan.done) {
      started = cpuMs();
      scan = scanOn(commands, scan);
      steps.push(cpuMs() - started);
    }
    const total = steps.reduce((sum, step) => sum + step, 0);
    report(`searching "${text}": the longest step of ${steps.length}`, Math.max(...steps));
    report('  until it is done', total);
  }
  const place = { ...HERE, cwd: '/nowhere' };
  for (const text of ['n', 'git commit -m "change 5', 'no command begins like this']) {
    const started = cpuMs();
    suggest(commands, text, place);
    report(`suggesting for "${text}"`, cpuMs() - started);
  }
}

async function writeHistory(stateDir: string): Promise<void> {
  const words = ['git commit -m "change', 'npm run test --', 'make -j8 target', 'docker compose up service'];
  for (let shell = 0; shell < SHELLS; shell += 1) {
    const records: string[] = [];
    for (let index = 0; index < COMMANDS / SHELLS; index += 1) {
      const t = 1_700_000_000_000 + index * 60_000 + shell;
      const cmd = `${words[index % words.length]} ${index}" && echo command c${index} of a shell`;
      records.push(encodeRecord({ t, cmd, cwd: `/src/project-${index % 7}` }));
      records.push(encodeRecord({ t, cmd, id: `exec_${shell}_${index}_0123456789abcdef` }));
      records.push(encodeRecord({ t, cmd, exit: index % 5 === 0 ? 1 : 0 }));
    }
    const file = historyPath(stateDir, HERE.devbox, shell === 0 ? HERE.shell : `shell-${shell}`);
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(file, records.join(''));
  }
}

async function startUp(place: ReturnType<typeof createPlace>): Promise<number> {
  const started = performance.now();
  using nsh = await place.open();
  const took = performance.now() - started;
  nsh.write('\x04');
  await nsh.exited;
  return took;
}

/** Processor time of this thread, ms: on a busy machine the clock on the wall says little. */
function cpuMs(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
}

/** The most processor time, ms, that one turn of the event loop takes until the work is done. */
async function longestTurn(work: Promise<unknown>): Promise<number> {
  let done = false;
  void work.finally(() => {
    done = true;
  });
  let longest = 0;
  while (!done) {
    const before = cpuMs();
    await setImmediate();
    longest = Math.max(longest, cpuMs() - before);
  }
  return longest;
}

async function timed(action: () => Promise<unknown>): Promise<number> {
  const times: number[] = [];
  for (let index = 0; index < 9; index += 1) {
    const started = cpuMs();
    await action();
    times.push(cpuMs() - started);
  }
  return median(times);
}

function report(what: string, ms: number): void {
  console.log(`${what.padEnd(60)} ${ms.toFixed(1)} ms`);
}
