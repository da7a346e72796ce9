import { describe, expect, it } from 'vitest';
import {
  changeSetting,
  newSettingsText,
  parseSettings,
} from '../../../src/repl/runtime/settings/settings-text.ts';
import {
  defaultSettings,
  readSetting,
  settingNames,
  settingSpecs,
  settingValues,
} from '../../../src/repl/state/settings.ts';

describe('reading settings', () => {
  it('takes "name = value" and "name value", with comments, and of two lines the last', () => {
    const text = '\uFEFF# mine\n\n  color=off\r\ncolor   on # always\nkeys = vi\r\n';
    expect(parseSettings(text)).toEqual({
      settings: { ...defaultSettings, color: 'on', keys: 'vi' },
      problems: [],
    });
  });

  it('names what is wrong with its line and what was meant, and takes the other lines', () => {
    const { settings, problems } = parseSettings('colour = on\nkeys = vim\ncolor\n= on\ncolor = on\n');
    expect(settings).toEqual({ ...defaultSettings, color: 'on' });
    expect(problems).toEqual([
      { line: 1, problem: 'There is no setting `colour`. Did you mean `color`? `:set` lists them.' },
      { line: 2, problem: '`keys` is emacs or vi, not `vim`. Did you mean `vi`?' },
      { line: 3, problem: '`color` is no setting: a line is `name = value`.' },
      { line: 4, problem: '`= on` is no setting: a line is `name = value`.' },
    ]);
  });
});

describe('changing a setting', () => {
  it('keeps every comment and every other line, wrong ones too', () => {
    const text = '# top\r\ncolour = x\r\n  color = off   # why\r\nkeys = vi\r\n';
    expect(changeSetting(text, 'color', 'on')).toBe(text.replace('color = off', 'color = on'));
  });

  it('changes the line that counts', () => {
    expect(changeSetting('color = off\ncolor = off', 'color', 'on')).toBe('color = off\ncolor = on');
  });

  it('puts a new line behind the comment that describes it, or at the end', () => {
    expect(changeSetting('# color = off\n# more', 'color', 'on')).toBe('# color = off\ncolor = on\n# more');
    expect(changeSetting('keys = vi', 'color', 'on')).toBe('keys = vi\ncolor = on\n');
    expect(changeSetting('', 'color', 'on')).toBe('color = on\n');
  });

  it('makes of a new file, which only has comments, one that sets just this', () => {
    expect(parseSettings(newSettingsText())).toEqual({ settings: defaultSettings, problems: [] });
    for (const name of settingNames) {
      const value = settingValues(name).find((other) => other !== settingSpecs[name].initial) ?? '1000';
      const read = readSetting(name, value);
      const changed = changeSetting(newSettingsText(), name, value);
      expect(changed).toContain(`# ${name} = ${settingSpecs[name].initial}\n${name} = ${value}\n`);
      expect(parseSettings(changed)).toEqual({
        settings: { ...defaultSettings, ...('change' in read ? read.change : {}) },
        problems: [],
      });
    }
  });
});
