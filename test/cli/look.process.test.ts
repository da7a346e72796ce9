import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { historyLine } from '../../src/cli/json/history-line.ts';
import { logLine } from '../../src/cli/json/log-line.ts';
import { type WatchLine, watchLine } from '../../src/cli/json/watch-line.ts';
import { watchLog } from '../../src/cli/watch/watch-log.ts';
import { DevboxClient } from '../../src/sdk/client.ts';
import { startTestDevbox } from '../helpers/devbox-server.ts';
import { type NshHome, nshHome } from '../helpers/nsh.ts';
import { startPlainDevbox } from '../helpers/plain-devbox.ts';
import { openTerminal } from '../helpers/terminal.ts';

/** Every line has to be what the documentation says. */
const parsed = <T>(schema: { parse(value: unknown): T }, ndjson: string): T[] =>
  ndjson
    .trimEnd()
    .split('\n')
    .map((line) => schema.parse(JSON.parse(line)));

const EVIL = 'printf "a\\033]52;c;eA==\\007\\377\\303"; printf "\\251\\n"; printf "oops\\r\\n" >&2; false';
const EVIL_OUTPUT = Buffer.from('a\x1b]52;c;eA==\x07\xff\xc3\xa9\n', 'latin1');

/** A shell with two commands that ended, one that waits for the FIFO `gate`, and one behind it. */
async function busyShell(nsh: NshHome) {
  execFileSync('mkfifo', [path.join(nsh.home, 'gate')]);
  await nsh.run(['-c', 'cd /usr; { sleep 0.2; echo later; } & true', 'seen']);
  await nsh.run(['-c', EVIL, 'seen']);
  const running = nsh.start(['-c', `printf began; read -r word <${nsh.home}/gate; echo " $word"`, 'seen']);
  await running.printed('began');
  const waiting = nsh.start(['-c', 'printf "1\\n2"', 'seen']);
  while (!(await nsh.run(['history', 'seen'])).stdout.includes('queued')) {}
  return { running, waiting };
}

const openGate = (nsh: NshHome) => writeFileSync(path.join(nsh.home, 'gate'), 'go\n');

// Some twenty programs one after the other, and a server that is replaced meanwhile.
const MANY_PROGRAMS = { timeout: 120_000 };

test('history, log and watch of a shell, as text and as documented lines', MANY_PROGRAMS, async () => {
  await using nsh = await nshHome();
  const { running, waiting } = await busyShell(nsh);
  const watcher = nsh.start(['watch', 'seen', '--json']);
  const watchedText = nsh.start(['watch', 'seen']);
  await watcher.printed('"number":4');
  await watchedText.printed('1 waiting');

  const [asJson, text, log, running3, waiting4] = await Promise.all([
    nsh.run(['history', 'seen', '--json']),
    nsh.run(['history', '--limit', '3', 'seen']),
    nsh.run(['log', 'seen', '2']),
    nsh.run(['log', 'seen', '3']),
    nsh.run(['log', 'seen', '4']),
  ]);
  const history = parsed(historyLine, asJson.stdout);
  expect(history.map(({ number, status, exit_status }) => [number, status, exit_status])).toEqual([
    [1, 'completed', 0],
    [2, 'completed', 1],
    [3, 'running', null],
    [4, 'queued', null],
  ]);
  expect(history[1]).toMatchObject({ command: EVIL, cwd: '/usr', end_reason: 'exited' });
  expect(text).toMatchObject({ status: 0, stderr: '' });
  expect(text.stdout).toMatch(
    /^N {2}BEGAN +STATUS +TIME +COMMAND\n2 .* exit 1 +\S+ +printf .*\n3 .* running +- +printf began.*\n4 .* queued +- +printf "1\\n2"\n$/,
  );

  expect(log).toMatchObject({ status: 0, stderr: 'oops\r\n' });
  expect(log.stdoutBytes.equals(EVIL_OUTPUT)).toBe(true);
  const lines = parsed(
    logLine,
    (await nsh.run(['log', 'seen', history[1]?.execution_id ?? '', '--json'])).stdout,
  );
  expect(lines[0]).toEqual({ type: 'command', ...history[1] });
  expect(lines.at(-1)).toEqual({ type: 'end', complete: true, exit_status: 1 });
  const pieces = lines.flatMap((line) => (line.type === 'output' && line.stream === 'stdout' ? [line] : []));
  const bytes = pieces.map(({ text, base64 }) =>
    Buffer.from(text ?? base64 ?? '', text === null ? 'base64' : 'utf8'),
  );
  expect(Buffer.concat(bytes).equals(EVIL_OUTPUT)).toBe(true);
  expect(pieces[0]?.offset).toBe(0);
  expect(lines).toContainEqual({
    type: 'output',
    stream: 'stderr',
    offset: 0,
    text: 'oops\r\n',
    base64: null,
  });

  // One that runs: what there is so far, or to its end.
  expect(running3).toMatchObject({ status: 0, stdout: 'began', stderr: '' });
  expect(waiting4).toMatchObject({ status: 0, stdout: '', stderr: '' });
  const late = nsh.start(['log', 'seen', '1', '--late', '--follow']);
  await late.printed('later');
  expect(await nsh.run(['log', 'seen', '1', '--late'])).toMatchObject({ status: 0, stdout: 'later\n' });
  expect(await nsh.run(['log', 'seen', '1'])).toMatchObject({ status: 0, stdout: '', stderr: '' });
  const following = nsh.start(['log', 'seen', '3', '--follow']);
  await following.printed('began');
  // The server is replaced while nobody looks away.
  await nsh.run(['restart']);
  openGate(nsh);
  expect(await following.ended).toMatchObject({ status: 0, stdout: 'began go\n' });
  await Promise.all([running.ended, waiting.ended]);
  // Both are with the new server.
  await watcher.printed('"missed":true');
  await watchedText.printed('events before this may be missing');
  await nsh.run(['close', 'seen']);

  expect(await late.ended).toMatchObject({ status: 0, stdout: 'later\n' });
  const [events, told] = await Promise.all([watcher.ended, watchedText.ended]);
  expect([events.status, told.status]).toEqual([0, 0]);
  const happened = parsed(watchLine, events.stdout);
  expect(happened[0]).toMatchObject({ type: 'shell', shell_name: 'seen', state: 'running', cwd: '/usr' });
  const of = (wanted: number) =>
    happened.flatMap((one) => ('number' in one && one.number === wanted ? [one.type] : []));
  // Each step once, though the connection was away meanwhile.
  expect(of(4).filter((type) => type !== 'output')).toEqual(['started', 'completed']);
  expect(
    happened.filter(({ type }) => type === 'connection').map((one) => 'state' in one && one.state),
  ).toEqual(['lost', 'back']);
  expect(happened.at(-1)).toMatchObject({ type: 'shell_closed', reason: 'request' });
  expect(told.stdout).toMatch(
    /^\d\d:\d\d:\d\d {2}seen · running · \/usr · runs #3 printf began.* · 1 waiting\n/,
  );
  expect(told.stdout).toMatch(/ #4 ✓ \S+\n/);
  expect(told.stdout).toMatch(/the shell is gone: the shell was closed\n$/);

  // What is kept of a shell that was closed can still be looked at, and its numbers go on.
  expect((await nsh.run(['log', 'seen', '4'])).stdout).toBe('1\n2');
  await nsh.run(['-c', 'true', 'seen']);
  expect(
    parsed(historyLine, (await nsh.run(['history', 'seen', '-n', '1', '--json'])).stdout)[0]?.number,
  ).toBe(5);
});

test('a terminal gets only what it may see; a reader that goes away, and Ctrl-C, end quietly', async () => {
  await using nsh = await nshHome();
  const script = `${EVIL}\n: # \u009b31m\u202e\nseq 100000\n`;
  await nsh.run(['seen'], { input: script });
  const atTerminal = async (...args: string[]) => {
    const place = { cwd: nsh.home, env: { ...nsh.env } };
    using terminal = openTerminal(process.execPath, [nsh.program, ...args], place);
    expect((await terminal.exited).exitCode).toBe(0);
    expect(terminal.raw()).not.toMatch(/\x1b\]52|[\x80-\x9f\u202e]/);
  };
  const toNobody = async (...args: string[]) => {
    const reader = nsh.start(args);
    await reader.printed('1');
    reader.child.stdout.destroy();
    expect(await reader.ended).toMatchObject({ status: 141, stderr: '' });
  };
  const watching = async (signal: NodeJS.Signals, status: number) => {
    const watcher = nsh.start(['watch', 'seen']);
    await watcher.printed('seen · idle');
    watcher.child.kill(signal);
    expect(await watcher.ended).toMatchObject({ status, stderr: '' });
  };
  await Promise.all([
    atTerminal('log', 'seen', '1'),
    atTerminal('log', 'seen', '1', '--json'),
    atTerminal('history', 'seen'),
    atTerminal('history', 'seen', '--json'),
    toNobody('log', 'seen', '3'),
    toNobody('log', 'seen', '3', '--json'),
    watching('SIGINT', 0),
    watching('SIGTERM', 143),
  ]);
});

test('what is not there is said, with status 1, and nothing is made', async () => {
  await using nsh = await nshHome();
  const none = 'nsh: there is no shell "nope". `nsh ls` lists those that there are.\n';
  const refused = async (text: string, ...args: string[]) =>
    expect(await nsh.run(args)).toMatchObject({ status: 1, stdout: '', stderr: text });
  const refusals = () => [
    refused(none, 'history', 'nope'),
    refused(none, 'log', 'nope', '1'),
    refused(none, 'watch', 'nope'),
  ];
  await Promise.all(refusals());
  // A shell that has run nothing is there all the same.
  await Promise.all([nsh.run(['-c', 'true', 'seen']), nsh.run(['fresh'])]);
  const noCommand = (which: string) =>
    `nsh: the shell "seen" has no command ${which}: its only one has the number 1. \`nsh history\` lists what there is.\n`;
  await Promise.all([
    ...refusals(),
    ...['2', 'exec_1', '1.5'].map((which) => refused(noCommand(which), 'log', 'seen', which)),
  ]);
  expect(await nsh.run(['history', 'fresh'])).toMatchObject({
    status: 0,
    stdout: '',
    stderr: 'nsh: the shell "fresh" has run nothing yet.\n',
  });
  expect(JSON.parse((await nsh.run(['ls', '--json'])).stdout)).toHaveLength(2);
});

test('on the service they come from the log, and say what that does not tell', async () => {
  await using nsh = await nshHome();
  await using devbox = await startTestDevbox({ listen: 'tcp' });
  await using plain = await startPlainDevbox(devbox);
  const env = { RUNLOOP_API_KEY: devbox.server.token ?? '' };
  const there = ['--devbox', 'local', '--base-url', plain.url];
  await using client = new DevboxClient({ baseURL: plain.url, bearerToken: env.RUNLOOP_API_KEY });
  const shell = client.devbox.fromId('local').shell('seen');
  await shell.exec('printf "a\\377"; exit 3');
  const running = await shell.execAsync('sleep 1000');

  const history = await nsh.run([...there, 'history', 'seen'], { env });
  expect(history.stdout).toMatch(/\n1 .* exit 3 +- {5}printf .*\n2 .* running +- {5}sleep 1000\n$/);
  expect(history.stderr).toContain('does not tell when commands began');
  expect(
    parsed(historyLine, (await nsh.run([...there, 'history', 'seen', '--json'], { env })).stdout)[0],
  ).toMatchObject({
    number: 1,
    exit_status: 3,
    started_at_ms: null,
    duration_ms: null,
    cwd: null,
  });
  expect((await nsh.run([...there, 'log', 'seen', '1'], { env })).stdout).toBe('a?');
  expect(await nsh.run([...there, 'log', 'seen', '2'], { env })).toMatchObject({
    status: 76,
    stderr: expect.stringContaining('--follow prints it to its end'),
  });
  expect(await nsh.run([...there, 'log', 'seen', '1', '--late'], { env })).toMatchObject({
    status: 65,
    stderr: expect.stringContaining('does not keep it'),
  });
  expect(await nsh.run([...there, 'history', 'nope'], { env })).toMatchObject({
    status: 1,
    stderr: expect.stringContaining('log has no command of a shell "nope"'),
  });
  const watcher = nsh.start([...there, 'watch', 'seen'], { env });
  await watcher.complained('its log is read every 5 s');
  await watcher.printed('runs #2 sleep 1000');
  watcher.child.kill('SIGINT');
  expect((await watcher.ended).status).toBe(0);

  const stop = new AbortController();
  const seen: WatchLine[] = [];
  for await (const line of watchLog(shell, stop.signal, 5)) {
    seen.push(watchLine.parse(line));
    if (line.type === 'shell') await running.kill();
    if (line.type === 'completed') break;
  }
  expect(seen.map(({ type }) => type)).toEqual(['shell', 'completed']);
  expect(seen[1]).toMatchObject({ number: 2, exit_status: 137, duration_ms: null });
});
