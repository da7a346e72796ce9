import {
  allowedValues,
  defaultSettings,
  readSetting,
  type SettingName,
  type Settings,
  settingNames,
  settingSpecs,
} from '../../state/settings.ts';

/** `name = value`, or `name value` as in `:set`; a comment may follow. Groups: before the value, the value, the rest. */
const LINE = /^(\s*([^\s=#]+)(?:\s*=\s*|\s+))([^#]*?)(\s*(?:#.*)?)$/s;

export interface ReadSettings {
  readonly settings: Settings;
  /** A sentence for each line that could not be taken, with its number. The other lines count. */
  readonly problems: readonly { readonly line: number; readonly problem: string }[];
}

/** Of several lines for one setting the last counts. */
export function parseSettings(text: string): ReadSettings {
  let settings = defaultSettings;
  const problems: { line: number; problem: string }[] = [];
  for (const [index, raw] of linesOf(text).entries()) {
    const line = raw.trim();
    if (line === '' || line.startsWith('#')) continue;
    const [, , name, value = ''] = LINE.exec(line) ?? [];
    const read =
      name === undefined
        ? { problem: `\`${line}\` is no setting: a line is \`name = value\`.` }
        : readSetting(name, value);
    if ('problem' in read) problems.push({ line: index + 1, problem: read.problem });
    else settings = { ...settings, ...read.change };
  }
  return { settings, problems };
}

/** The text with one setting changed; every comment and every other line stays as it is. */
export function changeSetting(text: string, name: SettingName, value: string): string {
  const lines = linesOf(text);
  const own = lines.findLastIndex((line) => LINE.exec(line)?.[2] === name);
  if (own >= 0) {
    const [, before = '', , , rest = ''] = LINE.exec(lines[own] ?? '') ?? [];
    return lines.with(own, `${before}${value}${rest}`).join('\n');
  }
  const ending = text.includes('\r\n') ? '\r' : '';
  const added = `${name} = ${value}${ending}`;
  const described = lines.findLastIndex((line) => new RegExp(`^\\s*#\\s*${name}\\s*=`).test(line));
  if (described >= 0) return lines.toSpliced(described + 1, 0, added).join('\n');
  const gap = text === '' || text.endsWith('\n') ? '' : `${ending}\n`;
  return `${text}${gap}${added}\n`;
}

/** A new settings file: everything that can be set, as comments. */
export function newSettingsText(): string {
  const about = settingNames.map((name) => {
    const { initial, help } = settingSpecs[name];
    return `# ${help} (${allowedValues(name)})\n# ${name} = ${initial}\n`;
  });
  return `# Settings of nsh. A line is \`name = value\`; what stands behind a # is a comment.\n# \`:set\` in nsh shows the settings, and \`:set NAME VALUE\` changes this file.\n\n${about.join('\n')}`;
}

function linesOf(text: string): string[] {
  return text.replace(/^\uFEFF/, '').split('\n');
}
