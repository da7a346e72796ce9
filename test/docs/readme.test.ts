import path from 'node:path';
import { test } from 'vitest';
import { EXIT_STATUS_HELP } from '../../src/cli/exit-status.ts';
import { viHelp } from '../../src/repl/editor/vi/vi-help.ts';
import { playLines } from '../../src/repl/runtime/play/script.ts';
import { colonCommands } from '../../src/repl/state/commands/registry.ts';
import { completionKeymap } from '../../src/repl/state/completion/completion-keymap.ts';
import { searchKeymap } from '../../src/repl/state/history/search-keymap.ts';
import { keymap } from '../../src/repl/state/keys/keymap.ts';
import { queueKeymap } from '../../src/repl/state/queue/queue-keymap.ts';
import { allowedValues, settingNames, settingSpecs } from '../../src/repl/state/settings.ts';
import { expectSection, table } from './generated-sections.ts';

const README = path.join(import.meta.dirname, '../../README.md');

const code = (text: string) => (/[\\|~^]/.test(text) ? `\`${text.replaceAll('|', '\\|')}\`` : text);

/** What the README says of keys, commands and exit statuses comes from the code: `UPDATE_README=1` writes it. */
const sections = {
  keys: table(
    ['key', 'does'],
    keymap.flatMap(({ label, help }) => (label === undefined ? [] : [[code(label), help] as const])),
  ),
  'search-keys': table(
    ['key', 'does'],
    searchKeymap.map(({ label, help }) => [label, help]),
  ),
  'queue-keys': table(
    ['key', 'does'],
    queueKeymap.flatMap(({ label, help }) => (label === undefined ? [] : [[label, help] as const])),
  ),
  'completion-keys': table(
    ['key', 'does'],
    completionKeymap.flatMap(({ label, help }) => (label === undefined ? [] : [[label, help] as const])),
  ),
  vi: table(
    ['key', 'does'],
    viHelp.map(([keys, help]) => [code(keys), help]),
  ),
  settings: table(
    ['setting', 'is', 'does'],
    settingNames.map((name) => [
      `\`${name}\``,
      `${allowedValues(name)}; default ${settingSpecs[name].initial}`,
      settingSpecs[name].help,
    ]),
  ),
  commands: table(
    ['command', 'does'],
    colonCommands.map(({ name, argument, help }) => [
      `\`:${name}${argument === undefined ? '' : ` ${argument}`}\``,
      help,
    ]),
  ),
  play: table(
    ['line', 'does'],
    playLines.map(([form, help]) => [code(form), help]),
  ),
  exit: table(['status', 'meaning'], EXIT_STATUS_HELP),
};

test.each(Object.entries(sections))('README’s section on %s is what the code does', (name, content) => {
  expectSection(README, name, content);
});
