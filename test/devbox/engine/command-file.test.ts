import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { CommandFile } from '../../../src/devbox/engine/command-file.ts';

test('it holds the last text alone: shorter, longer, empty, and of a file that was there', () => {
  const dir = mkdtempSync(join(tmpdir(), 'nsh-command-'));
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
  const path = join(dir, 'command');
  const file = new CommandFile(path, 'create');
  for (const text of ['echo long', 'true', 'false', ':', 'echo "ü"', '', 'x'.repeat(100_000), 'pwd']) {
    file.write(text);
    expect(readFileSync(path, 'utf8')).toBe(text);
  }
  file.write('rm -rf the/rest');
  const adopted = new CommandFile(path, 'existing');
  adopted.write('ls');
  expect(readFileSync(path, 'utf8')).toBe('ls');
  file.close();
  adopted.close();
});
