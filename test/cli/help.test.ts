import { expect, test } from 'vitest';
import { EXIT } from '../../src/cli/exit-status.ts';
import { helpText } from '../../src/cli/help.ts';
import { COMMANDS, OPTIONS } from '../../src/cli/options.ts';

test('every option, command and exit status is in the help', () => {
  const help = helpText();
  for (const [name, { help: shown }] of Object.entries(OPTIONS)) {
    expect(help.includes(`--${name}`), name).toBe(shown !== undefined);
  }
  for (const command of COMMANDS) expect(help).toContain(`nsh ${command}`);
  const statuses = help.slice(help.indexOf('Exit status:'), help.indexOf('Environment:'));
  for (const status of Object.values(EXIT)) {
    if (status !== 0) expect(statuses, String(status)).toMatch(new RegExp(`\\b${status}\\b`));
  }
});

test('the help fits a terminal of 110 columns', () => {
  expect(
    Math.max(
      ...helpText()
        .split('\n')
        .map(({ length }) => length),
    ),
  ).toBeLessThanOrEqual(110);
});
