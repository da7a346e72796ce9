import { keymap } from '../keymap.ts';
import { print, step } from '../step.ts';
import type { ColonCommand } from './command.ts';

export const help: ColonCommand = {
  name: 'help',
  help: 'what the keys and the commands do',
  run: (state, _argument, all) => step(state, print(helpText(all))),
};

export function helpText(all: readonly ColonCommand[]): string {
  const commands = all.map(({ name, argument, help: text }) => [
    `:${name}${argument === undefined ? '' : ` ${argument}`}`,
    text,
  ]);
  const keys = keymap
    .filter(({ label }) => label !== undefined)
    .map(({ label, help: text }) => [label ?? '', text]);
  const width = Math.max(...[...commands, ...keys].map(([left = '']) => left.length)) + 2;
  const rows = (pairs: readonly (readonly string[])[]) =>
    pairs.map(([left = '', right = '']) => `  ${left.padEnd(width)}${right}`);
  return [
    'Keys',
    ...rows(keys),
    'Commands (a leading space sends a line that starts with ":" to the shell)',
    ...rows(commands),
  ].join('\n');
}
