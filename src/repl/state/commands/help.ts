import { isSettingName, settingNames } from '../settings.ts';
import type { ReplState } from '../state.ts';
import { print, step } from '../step.ts';
import { nearest } from '../text/nearest.ts';
import { twoColumns } from '../text/two-columns.ts';
import type { ColonCommand } from './command.ts';
import { commandRows, keyRows, keysOf, keyTables, type Rows, settingRows } from './help-tables.ts';

const MORE = 'all keys; also :help commands, settings or NAME';

const TOPICS = ['keys', 'commands', 'settings'];

export const help: ColonCommand = {
  name: 'help',
  argument: '[NAME]',
  help: 'the most used keys and commands; with keys, commands or settings all of these; or one by its name',
  complete: ([, more], _state, all) => (more === undefined ? known(all) : []),
  run(state, argument, all) {
    const text = argument === '' ? shortHelp(all, state) : helpAbout(argument, all, state);
    return step(state, text === undefined ? print(unknown(argument, all), 'error') : print(text));
  },
};

/** One page: what one needs on the first day, and where the rest is told. */
export function shortHelp(all: readonly ColonCommand[], state: Pick<ReplState, 'columns' | 'plain'>): string {
  const keys = keysOf(state).flatMap(({ label, brief }) =>
    label === undefined || brief === undefined ? [] : [[label, brief] as const],
  );
  const commands = commandRows(
    all.flatMap((one) => (one.brief === undefined ? [] : [{ ...one, help: one.brief }])),
  );
  return twoColumns([...keys, ...commands, [':help keys', MORE]], state.columns).join('\n');
}

function helpAbout(topic: string, all: readonly ColonCommand[], state: ReplState): string | undefined {
  const { columns } = state;
  const table = (rows: Rows) => (rows.length === 0 ? undefined : twoColumns(rows, columns).join('\n'));
  if (topic === 'keys') return keyTables(state);
  if (topic === 'commands') {
    return table([
      ...commandRows(all),
      ['(a space first)', 'sends a line that starts with ":" to the shell'],
    ]);
  }
  if (topic === 'settings') return table(settingRows(settingNames));
  const name = topic.replace(/^:/, '');
  const command = all.filter((one) => one.name === name || one.aliases?.includes(name));
  const setting = isSettingName(name) ? [name] : [];
  const keys = keyRows(state).filter(([label]) =>
    label.split('  ').some((key) => key.toLowerCase() === name.toLowerCase()),
  );
  return table([...commandRows(command), ...settingRows(setting), ...keys]);
}

function known(all: readonly ColonCommand[]): string[] {
  return [...new Set([...TOPICS, ...all.map(({ name }) => name), ...settingNames])];
}

function unknown(topic: string, all: readonly ColonCommand[]): string {
  const guess = nearest(topic.replace(/^:/, ''), known(all));
  const hint = guess === undefined ? '' : ` Did you mean \`:help ${guess}\`?`;
  return `There is no key, command or setting ${topic}.${hint} \`:help keys\`, \`commands\` and \`settings\` list them.`;
}
