import { expect, test } from 'vitest';
import { DevboxClient } from '../../src/index.ts';
import { startTestDevbox } from '../helpers/devbox-server.ts';
import { createPlace } from '../helpers/repl.ts';

const sizes = [
  { columns: 80, rows: 24 },
  { columns: 40, rows: 14 },
];

test.each(sizes)('at $columns columns: a line for a terminal gets a hint, once, and runs', async (size) => {
  await using place = createPlace();
  using nsh = await place.open([], size);
  // A function, so that the test needs no vim.
  nsh.write('vim() { echo "got $1"; }\rvim a\rvim b\r');
  await nsh.waitFor(/^got b$/m);
  expect(nsh.history()).toMatch(/^got a$/m);
  // Broken between words, by nsh and not by the terminal.
  const rows = nsh.history().split('\n');
  expect(rows.find((row) => row.startsWith('vim needs'))?.length).toBeLessThanOrEqual(size.columns);
  const hints = rows
    .join(' ')
    .match(/vim needs a terminal, and a named shell has none: change the file with sed -i/g);
  expect(hints).toHaveLength(1);
});

test.each(sizes)('at $columns columns: :close of another shell that is busy wants :close!', async (size) => {
  await using place = createPlace();
  place.run(['-c', 'true', 'idle']);
  {
    using other = await place.open(['busy']);
    other.write('sleep 1000\r');
    await other.waitFor('running');
    other.write('\x04');
    await other.exited;
  }
  using nsh = await place.open([], size);
  nsh.write(':close busy\r');
  await nsh.waitFor('1 command not done on busy');
  nsh.write(':close idle\r');
  await nsh.waitFor('closed idle');
  expect(place.run(['ls'])).toMatch(/busy\s+running/);
  nsh.write(':close! busy\r');
  await nsh.waitFor('closed busy');
  expect(place.run(['ls'])).not.toContain('busy');
});

test.skipIf(process.platform !== 'linux')(
  'where no state can be kept that is told, and lines run as ever',
  async () => {
    await using served = await startTestDevbox({ listen: 'tcp' });
    const { url, token = '' } = served.server;
    await using client = new DevboxClient({ baseURL: url, bearerToken: token });
    const devbox = await client.devbox.create();
    await using place = createPlace({ RUNLOOP_API_KEY: token });
    using nsh = await place.open(['--devbox', devbox.id, '--base-url', url], {
      env: { NSH_STATE_DIR: '/proc/nsh', XDG_CONFIG_HOME: '/proc/nsh' },
    });
    nsh.write('echo it $((40 + 2)) runs\r');
    await nsh.waitFor('it 42 runs');
    await nsh.waitFor(/history of this shell cannot be written\s\(\/proc\/nsh/);
    nsh.write(':set suggestions off\r');
    await nsh.waitFor('for this session only');
  },
);
