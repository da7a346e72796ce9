import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { expect, test } from 'vitest';
import { DevboxClient } from '../../src/index.ts';
import { startTestDevbox } from '../helpers/devbox-server.ts';
import { startPlainDevbox } from '../helpers/plain-devbox.ts';
import { createPlace } from '../helpers/repl.ts';

const sizes = [
  { columns: 80, rows: 24 },
  { columns: 40, rows: 15 },
];

// One after the other: what one has run beside blocks the devbox of the other, which is in this process.
test.each(sizes)(
  'at $columns columns: a busy shell comes up as if one had been there',
  { concurrent: false },
  async (size) => {
    await using served = await startTestDevbox({ listen: 'tcp' });
    const { url, token = '' } = served.server;
    await using client = new DevboxClient({ baseURL: url, bearerToken: token });
    const devbox = await client.devbox.create();
    const shell = devbox.shell('main');
    await using plain = await startPlainDevbox(served);
    await using place = createPlace({ RUNLOOP_API_KEY: token });
    const gate = path.join(place.cwd, 'gate');
    execFileSync('mkfifo', [gate]);
    for (const command of ['echo zero', 'seq 1 30', 'echo bad >&2; (exit 3)']) await shell.exec(command);
    await shell.execAsync(`echo began; read -r word <${gate}; echo "gate said $word"`);
    await shell.execAsync('echo after');

    // What the embedded devbox tells, and what can be known where only logs and retrieve are.
    for (const [where, baseUrl] of [
      ['with the extensions', url],
      ['as on the service', plain.url],
    ] as const) {
      using nsh = await place.open(['--devbox', devbox.id, '--base-url', baseUrl], size);
      await nsh.waitFor(/running .*#4[\s\S]*queued #5 ⇠ echo after/);
      await nsh.waitFor(/^began$/m);
      const all = nsh.history();
      expect(all, where).toMatch(/#1 echo zero\nzero\n✓[^\n]* · (just now|\d+s ago)/);
      expect(all, where).toMatch(/#2 seq 1 30\n… lines before these: :show 2\n21\n[\s\S]*\n30\n✓/);
      expect(all, where).toMatch(/#3 echo bad[^\n]*\n▏bad\n✗ exit 3/);
      expect(all.indexOf('#3 echo bad'), where).toBeLessThan(all.indexOf('#4 echo began'));
      expect(all.includes('This devbox tells of its shells'), where).toBe(baseUrl === plain.url);
      // The whole of what was cut is there, too.
      nsh.write(':grep ^13$\r');
      await nsh.waitFor(/\b13$/m);
      if (baseUrl === plain.url) {
        place.run(['-c', `echo sesame >${gate}`, 'helper']);
        await nsh.waitFor(/^after\n✓/m);
        expect(nsh.history()).toMatch(/gate said sesame\n✓[\s\S]*#5 echo after/);
      }
      nsh.write('\x04');
      await nsh.exited;
    }
  },
);
