import { viHelp } from '../../editor/vi/vi-help.ts';
import { completionKeymap } from '../completion/completion-keymap.ts';
import { searchKeymap } from '../history/search-keymap.ts';
import { type Binding, keymap } from '../keys/keymap.ts';
import { queueKeymap } from '../queue/queue-keymap.ts';
import { allowedValues, type SettingName, settingSpecs } from '../settings.ts';
import type { ReplState } from '../state.ts';
import { twoColumns } from '../text/two-columns.ts';
import type { ColonCommand } from './command.ts';

export type Rows = readonly (readonly [left: string, right: string])[];

interface Labelled {
  readonly label?: string;
  readonly help: string;
}

/** Rows of 40 columns at most. */
const TERMINALS_OWN = ['Ctrl-T is followed by Enter.', "The other keys are the terminal's own."];

/** All keys, by where they hold. @param state also whether the vi keys are on, and whether the terminal edits the line */
export function keyTables(state: Pick<ReplState, 'columns' | 'settings' | 'plain'>): string {
  const { columns, settings, plain } = state;
  if (plain) return [...twoColumns(keyRows(state), columns), ...TERMINALS_OWN].join('\n');
  return [
    'Keys',
    ...twoColumns(keyRows(state), columns),
    ...(settings.keys === 'vi' ? ['Vi keys', ...twoColumns(viHelp, columns)] : []),
    'In the history search',
    ...twoColumns(labelled(searchKeymap), columns),
    'In the queue',
    ...twoColumns(labelled(queueKeymap), columns),
    'In the menu of completions',
    ...twoColumns(labelled(completionKeymap), columns),
  ].join('\n');
}

export function keyRows(state: Pick<ReplState, 'plain'>): Rows {
  return labelled(keysOf(state));
}

/** The keys that nsh itself gets to see. */
export function keysOf({ plain }: Pick<ReplState, 'plain'>): readonly Binding[] {
  return plain ? keymap.filter((binding) => binding.plain) : keymap;
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
