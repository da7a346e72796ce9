import { BashSession, type BashSessionOptions } from '../../../src/devbox/engine/bash-session.ts';
import { listProcesses } from '../../../src/devbox/engine/processes/process-table.ts';
import { seeded, turns } from './random-times.ts';

/** What ends by an interrupt, with 130 or, when it was faster, with 0. */
const COMMANDS = [
  'while :; do :; done',
  'while :; do /bin/true; done',
  'sleep 100',
  'sleep 100 | cat',
  'for i in 1 2 3 4 5 6 7 8; do echo $i; done',
  'true',
  'x=$(sleep 100)',
  'timeout 100 sleep 100',
  'setsid -w sleep 100',
  'while read -r line; do :; done < <(yes)',
  `sh -c 'trap "exit 0" INT; while :; do :; done'`,
  `sh -c 'trap "exit 0" INT; while :; do :; done'; sleep 0.01`,
  `while :; do sh -c 'trap "trap - INT; kill -INT $$" INT; sleep 0.01'; done`,
  '(while :; do :; done)',
  `bash -c 'sleep 100; :'; :`,
];

/** What ignores it, and ends by itself. */
const STUBBORN = `(trap '' INT; i=0; while [ $i -lt 300 ]; do i=$((i+1)); done)`;

export interface InterruptsResult {
  /** Each says which command, in which round, and what was wrong. */
  errors: string[];
  hangs: string[];
  slowest: { ms: number; command: string };
}

/**
 * Interrupts commands in one shell at random times and looks each time whether the shell is in step: state kept, next
 * command answered, every background job alive.
 *
 * @param limitMs after which a command that was interrupted counts as hanging
 */
export async function interruptAtRandom(
  options: BashSessionOptions,
  { tries, seed, limitMs }: { tries: number; seed: number; limitMs: number },
): Promise<InterruptsResult> {
  const random = seeded(seed);
  const result: InterruptsResult = { errors: [], hangs: [], slowest: { ms: 0, command: '' } };
  let session = await BashSession.start(options);
  const run = async (command: string): Promise<string> => {
    let output = '';
    const stdout = (chunk: Uint8Array) => {
      output += Buffer.from(chunk).toString('latin1');
    };
    await session.run({ command, stdin: 'none', stdout, stderr: () => {} }).outcome;
    return output;
  };
  const prepare = async () =>
    (await run('count=0; cd /usr; sleep 1000 & sleep 1001 & jobs -p')).trim().split('\n');
  let jobs = await prepare();
  let count = 0;
  for (let round = 1; round <= tries; round++) {
    const all = [...COMMANDS, STUBBORN];
    const command = all[Math.floor(random() * all.length)] as string;
    const running = session.run({ command, stdin: 'none', stdout: () => {}, stderr: () => {} });
    await turns(Math.floor(random() ** 3 * 400));
    const started = performance.now();
    running.interrupt();
    const outcome = await within(limitMs, running.outcome);
    const ms = performance.now() - started;
    if (ms > result.slowest.ms) result.slowest = { ms, command };
    if (!outcome) {
      result.hangs.push(`${round}: ${command}`);
      await session.close();
      session = await BashSession.start(options);
      jobs = await prepare();
      count = 0;
      continue;
    }
    if (outcome.kind !== 'exited' || ![0, 130].includes(outcome.exitStatus)) {
      result.errors.push(`${round}: ${command}: ${outcome.kind} ${outcome.exitStatus}`);
    }
    if (outcome.kind !== 'exited') break;
    const counted = await run('count=$((count + 1)); echo "$count $PWD"');
    if (counted !== `${++count} /usr\n`)
      result.errors.push(`${round}: ${command}: then ${JSON.stringify(counted)}`);
  }
  const alive = new Set(
    (await listProcesses()).filter(({ state }) => state !== 'Z').map(({ pid }) => String(pid)),
  );
  for (const job of jobs) if (!alive.has(job)) result.errors.push(`the background job ${job} was killed`);
  await session.close();
  return result;
}

async function within<T>(ms: number, promise: Promise<T>): Promise<T | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), ms);
  });
  return Promise.race([promise, limit]).finally(() => clearTimeout(timer));
}
