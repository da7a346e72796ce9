import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { createPlace } from '../helpers/repl.ts';

const sizes = [
  { columns: 80, rows: 24 },
  { columns: 40, rows: 14 },
];

test.each(sizes)(
  'settings are shown, changed, done in the shell and kept, at $columns columns',
  async (size) => {
    await using place = createPlace();
    const file = path.join(place.env.HOME ?? '', '.config/named-shell/settings.conf');
    {
      using nsh = await place.open([], size);
      nsh.write(':set\r');
      await nsh.waitFor(() => /^ *color off\s+on asks/m.test(nsh.history()));
      await nsh.waitFor(/settings\.conf\n❯/);
      nsh.write(':set color on\r');
      await nsh.waitFor(/^color is on, and kept in/m);
      nsh.write('echo "asked: $FORCE_COLOR"\r');
      await nsh.waitFor(/^asked: 1$/m);
      expect(nsh.history()).toContain('export FORCE_COLOR=1');
      expect(readFileSync(file, 'utf8')).toContain('# color = off\ncolor = on\n');
    }
    using nsh = await place.open(['another'], size);
    nsh.write('echo "new: $FORCE_COLOR"\r');
    await nsh.waitFor(/^new: 1$/m);
  },
);

test.each(sizes)('a bad settings file is told with its line, at $columns columns', async (size) => {
  await using place = createPlace({ XDG_CONFIG_HOME: path.join(import.meta.dirname, 'nothing') });
  const config = path.join(place.cwd, 'config');
  mkdirSync(path.join(config, 'named-shell'), { recursive: true });
  writeFileSync(path.join(config, 'named-shell/settings.conf'), '# mine\ncolr = on\n');
  using nsh = await place.open([], { ...size, env: { XDG_CONFIG_HOME: config } });
  const told = /settings\.conf:2: There is no setting `colr`\. Did/;
  await nsh.waitFor(() => told.test(nsh.history().replaceAll(/\s+/g, ' ')));
  nsh.write('echo works\r');
  await nsh.waitFor(/^works$/m);
});
