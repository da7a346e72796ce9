import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { expect, test } from 'vitest';
import { DevboxClient } from '../../src/index.ts';
import { startTestDevbox } from '../helpers/devbox-server.ts';
import { createPlace } from '../helpers/repl.ts';
import type { TerminalSession } from '../helpers/terminal.ts';

const EACH = [67, 67, 66] as const;

/** The commands of the live frame's queue, as they stand there. */
const queue = (nsh: TerminalSession) =>
  [...nsh.screen().matchAll(/^[●○] (?:running|queued).*?#\d+ (?:⇠ )?(\S+ \S+)/gm)].map(
    ([, command]) => command,
  );
const outputs = (nsh: TerminalSession) =>
  [...nsh.history().matchAll(/^([ABC]\d+)$/gm)].map(([, output]) => output);

test('two REPLs and a program share a shell: one queue, one cancel, one order of 200 commands sent at once', async () => {
  await using served = await startTestDevbox({ listen: 'tcp' });
  const { url, token = '' } = served.server;
  await using client = new DevboxClient({ baseURL: url, bearerToken: token });
  const devbox = await client.devbox.create();
  const shell = devbox.shell('main');
  await using place = createPlace({ RUNLOOP_API_KEY: token });
  const args = ['--devbox', devbox.id, '--base-url', url];
  using wide = await place.open(args, { columns: 80, rows: 24 });
  using narrow = await place.open(args, { columns: 40, rows: 15 });
  const gate = path.join(place.cwd, 'gate');
  execFileSync('mkfifo', [gate]);

  wide.write(`: wait; read -r go <${gate}\r`);
  await narrow.waitFor(/running.*: wait/);
  wide.write('echo A0\recho dropped\r');
  // Shown by the one that sent it before the devbox has it, by the other when it is there.
  await narrow.waitFor('echo dropped');
  narrow.write('echo B0\r');
  await wide.waitFor(/echo B0 .*another session/);
  const own = await shell.execAsync('echo C0');
  for (const nsh of [wide, narrow]) await nsh.waitFor('echo C0');
  const waiting = [': wait;', 'echo A0', 'echo dropped', 'echo B0', 'echo C0'];
  expect(queue(wide)).toEqual(waiting);
  expect(queue(narrow)).toEqual(waiting);
  expect((await shell.executions()).map(({ command }) => command.split(' ').slice(0, 2).join(' '))).toEqual(
    waiting,
  );

  const [, number] = /#(\d+) ⇠ echo dropped/.exec(narrow.screen()) ?? [];
  narrow.write(`:cancel ${number}\r`);
  await wide.waitFor(() => !queue(wide).includes('echo dropped'));
  await narrow.waitFor(() => !queue(narrow).includes('echo dropped'));
  await wide.waitFor(() => /⊘ #3 cancelled before it ran: echo dropped/.test(wide.history()));
  place.run(['-c', `echo go >${gate}`, 'helper']);
  expect((await own.result()).exitCode).toBe(0);
  for (const nsh of [wide, narrow]) await nsh.waitFor(/^C0\n✓/m);

  const lines = (letter: string, count: number) =>
    Array.from({ length: count }, (_, index) => `echo ${letter}${index + 1}`);
  const [a, b, c] = EACH;
  wide.write(
    lines('A', a)
      .map((line) => `${line}\r`)
      .join(''),
  );
  narrow.write(
    lines('B', b)
      .map((line) => `${line}\r`)
      .join(''),
  );
  await Promise.all(lines('C', c).map((line) => shell.execAsync(line)));
  for (const nsh of [wide, narrow]) await nsh.waitFor(() => outputs(nsh).length === 3 + a + b + c, 60_000);
  const ran = (await shell.history({ limit: a + b + c })).map(({ command }) => command.replace('echo ', ''));
  expect(outputs(wide).slice(3)).toEqual(ran);
  expect(outputs(narrow).slice(3)).toEqual(ran);
  for (const letter of ['A', 'B', 'C']) {
    const numbers = ran
      .filter((output) => output.startsWith(letter))
      .map((output) => Number(output.slice(1)));
    expect(numbers).toEqual(numbers.toSorted((x, y) => x - y));
  }
  expect(new Set(ran).size).toBe(a + b + c);
});
