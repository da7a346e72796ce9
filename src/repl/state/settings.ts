import type { HistoryScope } from '../editor/past-command.ts';
import { nearest } from './text/nearest.ts';

interface Choice<Value extends string> {
  readonly values: readonly Value[];
  readonly initial: Value;
  /** One line, for `:set` and the settings file. */
  readonly help: string;
}

interface Count {
  /** The least and the most. */
  readonly range: readonly [number, number];
  readonly initial: number;
  readonly help: string;
}

/** What can be set, as data: `:set`, the settings file and the README are made from it. Each setting does something. */
export const settingSpecs = {
  'ask-directory': {
    values: ['off', 'on'],
    initial: 'off',
    help: 'on runs a command in an idle shell when Tab needs its directory and the devbox does not tell it',
  } satisfies Choice<'off' | 'on'>,
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
  'history-max': {
    range: [100, 1_000_000],
    initial: 100_000,
    help: 'how many commands are kept of each shell, and of all together in memory',
  } satisfies Count as Count,
  keys: {
    values: ['emacs', 'vi'],
    initial: 'emacs',
    help: 'the keys of the editor',
  } satisfies Choice<'emacs' | 'vi'>,
  marks: {
    values: ['on', 'off'],
    initial: 'on',
    help: 'marks commands and their output (OSC 133), so that the terminal can jump to one or select it',
  } satisfies Choice<'on' | 'off'>,
  merge: {
    values: ['off', 'on'],
    initial: 'off',
    help: 'on sends stderr where stdout goes: one stream, in the order in which it was written',
  } satisfies Choice<'off' | 'on'>,
  notify: {
    values: ['bell', 'osc9', 'osc777', 'off'],
    initial: 'bell',
    help: 'how a long command tells of its end while the terminal is not in focus: bell, OSC 9 or 777',
  } satisfies Choice<'bell' | 'osc9' | 'osc777' | 'off'>,
  'notify-after': {
    range: [0, 86_400],
    initial: 10,
    help: 'how many seconds a command has to take for that',
  } satisfies Count as Count,
  'stop-on-error': {
    values: ['off', 'on'],
    initial: 'off',
    help: 'on holds what waits behind a command that fails; for that the lines wait here and are sent one at a time',
  } satisfies Choice<'off' | 'on'>,
  suggestions: {
    values: ['on', 'off'],
    initial: 'on',
    help: 'shows dim behind the cursor what would complete the line, from the history',
  } satisfies Choice<'on' | 'off'>,
  wrap: {
    values: ['on', 'off'],
    initial: 'on',
    help: 'off cuts long lines of output at the right edge, with …; :show has them whole',
  } satisfies Choice<'on' | 'off'>,
} as const;

export type SettingName = keyof typeof settingSpecs;
type ValueOf<Spec> = Spec extends { readonly values: readonly (infer Value)[] } ? Value : number;
export type Settings = { readonly [Name in SettingName]: ValueOf<(typeof settingSpecs)[Name]> };

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
  const spec: Choice<string> | Count = settingSpecs[name];
  if ('values' in spec) {
    if (spec.values.includes(value)) return { name, change: { [name]: value } };
    const guess = nearest(value, spec.values);
    const hint = guess === undefined ? '' : ` Did you mean \`${guess}\`?`;
    return { problem: `\`${name}\` is ${allowedValues(name)}, not \`${value}\`.${hint}` };
  }
  const [least, most] = spec.range;
  const count = /^\d+$/.test(value) ? Number(value) : Number.NaN;
  if (count >= least && count <= most) return { name, change: { [name]: count } };
  return { problem: `\`${name}\` is a number ${allowedValues(name)}, not \`${value}\`.` };
}

/** `on or off`, `shell, devbox or all`, `from 100 to 1000`. */
export function allowedValues(name: SettingName): string {
  const spec: Choice<string> | Count = settingSpecs[name];
  if ('range' in spec) return `from ${spec.range[0]} to ${spec.range[1]}`;
  return `${spec.values.slice(0, -1).join(', ')} or ${spec.values.at(-1)}`;
}

/** What can be offered for it; nothing for a number. */
export function settingValues(name: SettingName): readonly string[] {
  const spec: Choice<string> | Count = settingSpecs[name];
  return 'values' in spec ? spec.values : [];
}

export function isSettingName(name: string): name is SettingName {
  return Object.hasOwn(settingSpecs, name);
}

export function unknownSetting(name: string): string {
  const guess = nearest(name, settingNames);
  const hint = guess === undefined ? '' : ` Did you mean \`${guess}\`?`;
  return `There is no setting \`${name}\`.${hint} \`:set\` lists them.`;
}
