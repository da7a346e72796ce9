import { viHelp } from '../../editor/vi/vi-help.ts';
import { completionKeymap } from '../completion/completion-keymap.ts';
import { searchKeymap } from '../history/search-keymap.ts';
import { keymap } from '../keys/keymap.ts';
import { queueKeymap } from '../queue/queue-keymap.ts';
import { allowedValues, type SettingName, settingSpecs } from '../settings.ts';
import type { ReplState } from '../state.ts';
import { twoColumns } from '../text/two-columns.ts';
import type { ColonCommand } from './command.ts';

export type Rows = readonly (readonly [left: string, right: string])[];
export type Width = Pick<ReplState, 'columns'>;

interface Labelled {
  readonly label?: string;
  readonly help: string;
}

/** All keys, by where they hold. @param state also whether the vi keys are on */
export function keyTables({ columns, settings }: Pick<ReplState, 'columns' | 'settings'>): string {
  return [
    'Keys',
    ...twoColumns(keyRows(), columns),
    ...(settings.keys === 'vi' ? ['Vi keys', ...twoColumns(viHelp, columns)] : []),
    'In the history search',
    ...twoColumns(labelled(searchKeymap), columns),
    'In the queue',
    ...twoColumns(labelled(queueKeymap), columns),
    'In the menu of completions',
    ...twoColumns(labelled(completionKeymap), columns),
  ].join('\n');
}

export function keyRows(): Rows {
  return labelled(keymap);
}

export function commandRows(commands: readonly ColonCommand[]): Rows {
  return commands.map(({ name, argument, help }) => [
    `:${name}${argument === undefined ? '' : ` ${argument}`}`,
    help,
  ]);
}

export function settingRows(names: readonly SettingName[]): Rows {
  return names.map((name) => {
    const { initial, help } = settingSpecs[name];
    return [name, `${help} (${allowedValues(name)}; default ${initial})`];
  });
}

function labelled(bindings: readonly Labelled[]): Rows {
  return bindings.flatMap(({ label, help }) => (label === undefined ? [] : [[label, help] as const]));
}
