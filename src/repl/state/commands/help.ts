import { viHelp } from '../../editor/vi/vi-help.ts';
import { completionKeymap } from '../completion-keymap.ts';
import { keymap } from '../keymap.ts';
import { queueKeymap } from '../queue-keymap.ts';
import { searchKeymap } from '../search-keymap.ts';
import type { ReplState } from '../state.ts';
import { print, step } from '../step.ts';
import { twoColumns } from '../two-columns.ts';
import type { ColonCommand } from './command.ts';

export const help: ColonCommand = {
  name: 'help',
  help: 'what the keys and the commands do',
  run: (state, _argument, all) => step(state, print(helpText(all, state))),
};

/** @param state for the screen's width, and whether the vi keys are on */
export function helpText(
  all: readonly ColonCommand[],
  { columns, settings }: Pick<ReplState, 'columns' | 'settings'>,
): string {
  const commands = all.map(
    ({ name, argument, help: text }) =>
      [`:${name}${argument === undefined ? '' : ` ${argument}`}`, text] as const,
  );
  const keys = keymap.flatMap(({ label, help: text }) =>
    label === undefined ? [] : [[label, text] as const],
  );
  return [
    'Keys',
    ...twoColumns(keys, columns),
    ...(settings.keys === 'vi' ? ['Vi keys', ...twoColumns(viHelp, columns)] : []),
    'In the history search',
    ...twoColumns(
      searchKeymap.map(({ label, help }) => [label, help] as const),
      columns,
    ),
    'In the queue',
    ...twoColumns(
      queueKeymap.flatMap(({ label, help }) => (label === undefined ? [] : [[label, help] as const])),
      columns,
    ),
    'In the menu of completions',
    ...twoColumns(
      completionKeymap.flatMap(({ label, help }) => (label === undefined ? [] : [[label, help] as const])),
      columns,
    ),
    'Commands',
    ...twoColumns(
      [...commands, ['(a space first)', 'sends a line that starts with ":" to the shell']],
      columns,
    ),
  ].join('\n');
}
