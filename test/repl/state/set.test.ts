import { expect, test } from 'vitest';
import { colonCommands } from '../../../src/repl/state/commands/registry.ts';
import { defaultSettings, settingNames, settingSpecs } from '../../../src/repl/state/settings.ts';
import { line, NOW, type Played, play, start, type } from './play.ts';

const printed = ({ last }: Played) =>
  last.flatMap((effect) => (effect.type === 'print' ? [effect.text] : [])).join('\n');
const launches = ({ last }: Played) =>
  last.flatMap((effect) => (effect.type === 'launch' ? [effect.command] : []));

test.each([40, 80])(':set shows every setting with value, default and help in %d columns', (columns) => {
  const text = printed(play(start({ columns }), ...line(':set')));
  for (const name of settingNames) {
    const { help, initial } = settingSpecs[name];
    expect(text.replace(/\s+/g, ' ')).toContain(`${name} ${initial} ${help}`);
  }
  expect(text).toContain('settings.conf');
});

test(':set NAME VALUE changes the session and the file', () => {
  for (const typed of [':set keys vi', ':set keys=vi', ':set  keys  =  vi ']) {
    const played = play(start(), ...line(typed));
    expect(played.state.settings.keys).toBe('vi');
    expect(played.last).toContainEqual({ type: 'keep-setting', name: 'keys', value: 'vi' });
    expect(printed(play(played, ...line(':set keys')))).toContain('keys vi');
  }
});

test.each([
  [':set colr on', 'There is no setting `colr`. Did you mean `color`?'],
  [':set colr', 'Did you mean `color`?'],
  [':set history shel', '`history` is shell, devbox or all, not `shel`. Did you mean `shell`?'],
  [':set history-max 5', '`history-max` is a number from 100 to 1000000, not `5`.'],
  [':set history-max many', '`history-max` is a number from 100 to 1000000, not `many`.'],
  [':set color onn', '`color` is off or on, not `onn`. Did you mean `on`?'],
])('%s changes nothing and says what is wrong', (typed, problem) => {
  const played = play(start(), ...line(typed));
  expect(printed(played)).toContain(problem);
  expect(played.state.settings).toEqual(defaultSettings);
  expect(played.effects.map(({ type }) => type)).not.toContain('keep-setting');
});

test(':set color on exports what asks for colours, as a command that is seen but not in the history', () => {
  const on = play(start(), ...line(':set color on'));
  expect(launches(on)).toEqual([expect.stringContaining('export FORCE_COLOR=1')]);
  expect(on.state.history).toEqual([':set color on']);
  expect(on.effects.filter(({ type }) => type === 'remember')).toHaveLength(1);
});

test('a shell made by this REPL gets the colours that are set; one that was there is left alone', () => {
  const color = start({ settings: { ...defaultSettings, color: 'on' } });
  const attached = { type: 'attached', name: 'other', cwd: undefined, past: [] } as const;
  expect(launches(play(color, { type: 'created', now: NOW }))).toHaveLength(1);
  expect(launches(play(color, { ...attached, created: true }))).toHaveLength(1);
  expect(launches(play(color, { ...attached, created: false }))).toEqual([]);
  expect(launches(play(start(), { type: 'created', now: NOW }))).toEqual([]);
});

test(':set history-max says how much of the history is read', () => {
  const fresh = start({ past: { devbox: 'local', commands: [], loaded: 'no' } });
  const set = play(start(), ...line(':set history-max 500'));
  expect(set.state.settings['history-max']).toBe(500);
  const typed = play({ ...fresh, state: { ...fresh.state, settings: set.state.settings } }, type('x'));
  expect(typed.last).toEqual([{ type: 'load-past', most: 500 }]);
});

test(':set offers names, then the values of a name', () => {
  const complete = colonCommands.find(({ name }) => name === 'set')?.complete;
  expect(complete?.([''], start().state, colonCommands)).toEqual(settingNames);
  expect(complete?.(['keys', ''], start().state, colonCommands)).toEqual(['emacs', 'vi']);
  expect(complete?.(['history-max', ''], start().state, colonCommands)).toEqual([]);
  expect(complete?.(['nothing', ''], start().state, colonCommands)).toEqual([]);
  expect(complete?.(['keys', 'vi', ''], start().state, colonCommands)).toEqual([]);
});
