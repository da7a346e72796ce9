import type { HistoryScope } from '../editor/past-command.ts';
import { nearest } from './nearest.ts';

interface Choice<Value extends string> {
  readonly values: readonly Value[];
  readonly initial: Value;
  /** One line, for `:set` and the settings file. */
  readonly help: string;
}

/** What can be set, as data: `:set`, the settings file and the README are made from it. Each setting does something. */
export const settingSpecs = {
  color: {
    values: ['off', 'on'],
    initial: 'off',
    help: 'on asks programs for colours: exports FORCE_COLOR and the like in this shell and in new ones',
  } satisfies Choice<'off' | 'on'>,
  history: {
    values: ['shell', 'devbox', 'all'],
    initial: 'shell',
    help: 'whose commands Up goes through and Ctrl-R begins with: this shell, this devbox, everywhere',
  } satisfies Choice<HistoryScope>,
  keys: {
    values: ['emacs', 'vi'],
    initial: 'emacs',
    help: 'the keys of the editor',
  } satisfies Choice<'emacs' | 'vi'>,
  suggestions: {
    values: ['on', 'off'],
    initial: 'on',
    help: 'shows dim behind the cursor what would complete the line, from the history',
  } satisfies Choice<'on' | 'off'>,
} as const;

export type SettingName = keyof typeof settingSpecs;
export type Settings = { readonly [Name in SettingName]: (typeof settingSpecs)[Name]['values'][number] };

export const settingNames = Object.keys(settingSpecs) as SettingName[];

export const defaultSettings = Object.fromEntries(
  settingNames.map((name) => [name, settingSpecs[name].initial]),
) as Settings;

export type SettingRead =
  | { readonly name: SettingName; readonly change: Partial<Settings> }
  /** What is wrong, and what was probably meant: a sentence. */
  | { readonly problem: string };

/** Judges a name and a value as they were typed, in `:set` or in the file. */
export function readSetting(name: string, value: string): SettingRead {
  if (!isSettingName(name)) return { problem: unknownSetting(name) };
  const { values } = settingSpecs[name];
  if (!(values as readonly string[]).includes(value)) {
    const guess = nearest(value, values);
    const hint = guess === undefined ? '' : ` Did you mean \`${guess}\`?`;
    return { problem: `\`${name}\` is ${values.join(' or ')}, not \`${value}\`.${hint}` };
  }
  return { name, change: { [name]: value } };
}

export function isSettingName(name: string): name is SettingName {
  return Object.hasOwn(settingSpecs, name);
}

export function unknownSetting(name: string): string {
  const guess = nearest(name, settingNames);
  const hint = guess === undefined ? '' : ` Did you mean \`${guess}\`?`;
  return `There is no setting \`${name}\`.${hint} \`:set\` lists them.`;
}
