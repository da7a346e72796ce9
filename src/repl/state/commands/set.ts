import { colorCommand } from '../color.ts';
import { walkHistory } from '../history/past.ts';
import { enqueue } from '../queue/queue.ts';
import {
  allowedValues,
  isSettingName,
  readSetting,
  type SettingName,
  settingNames,
  settingSpecs,
  settingValues,
  unknownSetting,
} from '../settings.ts';
import type { ReplState } from '../state.ts';
import { andThen, print, type Step, step } from '../step.ts';
import { twoColumns } from '../text/two-columns.ts';
import type { ColonCommand } from './command.ts';

export const set: ColonCommand = {
  name: 'set',
  argument: '[NAME [VALUE]]',
  help: 'show the settings, or change one; it is kept for the next time',
  brief: 'the settings, or change one',
  run(state, argument) {
    const [, name = '', value = ''] = /^([^\s=]*)(?:\s*=\s*|\s+)?(.*)$/s.exec(argument) ?? [];
    if (name === '') return show(state, settingNames);
    if (value !== '') return change(state, name, value);
    return isSettingName(name) ? show(state, [name]) : step(state, print(unknownSetting(name), 'error'));
  },
  complete([name, ...rest]) {
    if (rest.length === 0) return settingNames;
    return rest.length === 1 && name !== undefined && isSettingName(name) ? settingValues(name) : [];
  },
};

function show(state: ReplState, names: readonly SettingName[]): Step {
  const rows = names.map((name) => {
    const { initial, help } = settingSpecs[name];
    return [
      `${name} ${state.settings[name]}`,
      `${help} (${allowedValues(name)}; default ${initial})`,
    ] as const;
  });
  const kept = `:set NAME VALUE changes one, and keeps it in ${state.settingsPath}`;
  return step(state, print(twoColumns(rows, state.columns).join('\n')), print(kept, 'dim'));
}

function change(state: ReplState, given: string, value: string): Step {
  const read = readSetting(given, value);
  if ('problem' in read) return step(state, print(read.problem, 'error'));
  const settings = { ...state.settings, ...read.change };
  const applied = walkHistory({ ...state, settings });
  const changed = step(applied, { type: 'keep-setting', name: read.name, value });
  if (read.name !== 'color') return changed;
  return andThen(changed, (at) => enqueue(at, colorCommand(settings.color)));
}
