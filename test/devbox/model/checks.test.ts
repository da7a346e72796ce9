import { expect, test } from 'vitest';
import { MAX_COMMAND_BYTES } from '../../../src/api/execution.ts';
import { checkCommand } from '../../../src/devbox/model/execution/command-text.ts';
import { checkShellName } from '../../../src/devbox/model/shell/shell-name.ts';

test.each(['main', 'a/b', 'ünï 中文', '...', 'x'.repeat(255)])('a shell may be called %s', (name) => {
  expect(checkShellName(name)).toBe(name);
});

test.each([
  ['empty', '', /^shell_name is empty\. Choose another name, such as main\.$/],
  ['newline', 'a\nb', /^shell_name "a\\nb" holds a control character\. Choose another name, such as main\.$/],
  ['escape', '\u001b[31m', /holds a control character/],
  ['C1', 'a\u009bb', /holds a control character/],
  ['lone surrogate', 'a\ud800', /not valid Unicode/],
  ['dot', '.', /part of a URL/],
  ['dots', '..', /part of a URL/],
  ['256 bytes', 'é'.repeat(128), /has 256 bytes, more than the 255/],
])('a shell name is refused: %s', (_, name, message) => {
  expect(() => checkShellName(name)).toThrow(
    expect.objectContaining({
      status: 400,
      code: 'shell_name_invalid',
      message: expect.stringMatching(message),
    }),
  );
});

test.each([
  ['a blank', ' '],
  ['a line break', '\n'],
  ['a comment', '# nothing'],
  ['of the longest length', 'x'.repeat(MAX_COMMAND_BYTES)],
])('a command may be %s', (_, command) => {
  expect(checkCommand(command)).toBe(command);
});

test.each([
  ['empty', '', 400, 'command_empty'],
  ['with NUL', 'echo a\0b', 400, 'command_has_nul'],
  ['no Unicode', 'echo \udc00', 400, 'command_not_unicode'],
  ['a byte too long', `${'é'.repeat(MAX_COMMAND_BYTES / 2)}x`, 413, 'command_too_long'],
])('a command is refused: %s', (_, command, status, code) => {
  expect(() => checkCommand(command)).toThrow(expect.objectContaining({ status, code }));
});
