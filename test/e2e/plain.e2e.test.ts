import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { createPlace } from '../helpers/repl.ts';
import { sendSignal } from '../helpers/send-signal.ts';
import { openTerminal } from '../helpers/terminal.ts';

const PROGRAM = new URL('../../dist/cli.js', import.meta.url).pathname;

const sizes = [
  { columns: 80, rows: 24 },
  { columns: 40, rows: 14 },
];

test.each(sizes.flatMap((size) => [['CI=1', ['--plain'], size] as const, ['TERM=dumb', [], size] as const]))(
  '%s %j %j: the REPL in lines, nothing drawn',
  async (setting, args, size) => {
    await using place = createPlace();
    const { cwd, env } = place;
    using nsh = openTerminal('env', [setting, process.execPath, PROGRAM, ...args], { ...size, cwd, env });
    const history = () => nsh.history().replaceAll(/\s+/g, ' ');
    const until = (shown: RegExp) =>
      nsh
        .waitFor(() => shown.test(nsh.history()))
        .catch((error: Error) => {
          throw new Error(`${shown} is not in\n${nsh.history()}`, { cause: error });
        });
    await until(/^created main on local · :help for help\nmain>/);
    // The line is not said again, and of the end only what is not as it should be.
    nsh.write('echo one; (exit 3)\r');
    await until(/^main> echo one; \(exit 3\)\none\nexit 3 · \S+\nmain>/m);
    nsh.write('vim() { echo "$1"; }; vim two\r');
    await until(/^two\nmain>/m);
    expect(history()).toContain('a named shell has none: change the file with sed -i');
    // What is typed while a command runs is queued, in the order typed.
    nsh.write('mkfifo gate; echo wait; read x <gate\recho three\r');
    await until(/^queued #4$/m);
    await until(/^wait$/m);
    nsh.write('if :\r');
    await until(/^>$/m);
    nsh.write('then echo four; fi\r');
    await until(/^queued #5$/m);
    place.run(['-c', `echo >${cwd}/gate`, 'other']);
    await until(/^#4 echo three\nthree\n#5 if :\n · then echo four; fi\nfour\nmain>/m);
    // Ctrl-D ends the input of a command, and nothing else.
    nsh.write(':stdin wc -l\r');
    await until(/^#6 waits for input/m);
    nsh.write('a\rb\r\x04');
    await until(/^2\nmain>/m);
    // A question without a line feed is shown.
    nsh.write('printf "your name: "; sleep 1000\r');
    await until(/^your name:$/m);
    nsh.write('\x03');
    await until(/^exit 130 \(INT\) · .*\nmain>/m);
    nsh.write('(read x <gate; echo late) &\r');
    await until(/ echo late\) &\nmain>/);
    writeFileSync(path.join(cwd, 'gate'), 'go\n');
    await until(/^#8 ⤷ late\nmain>/m);
    // No pager: a screen reader could not follow one.
    nsh.write(':show 5\r');
    await until(/^main> :show 5\n#5 if :\n · then echo four; fi\nfour\n✓ \S+\nmain>/m);
    nsh.write(':nothing\r');
    await until(/^There is no command :nothing\./m);
    nsh.write('echo "server $PPID"\r');
    await until(/^server \d+\nmain>/m);
    sendSignal(/^server (\d+)$/m.exec(nsh.history())?.[1], 'SIGKILL');
    await until(/^reconnecting: (?:.*\n)+connected\nmain>/m);
    nsh.write('echo five\r');
    await until(/^five\nmain>/m);
    nsh.write('\x04');
    expect((await nsh.exited).exitCode).toBe(0);
    expect(history()).toContain('nsh: detached from main, which lives on. Come back with: nsh main');
    expect(nsh.raw()).not.toContain('\x1b');
  },
);
