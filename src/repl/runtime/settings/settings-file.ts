import { chmod, open, readFile, realpath, rename, rm, stat, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname } from 'node:path';
import { makeDirectory } from '../../../files/make-directory.ts';
import { defaultSettings, type SettingName, type Settings } from '../../state/settings.ts';
import { changeSetting, newSettingsText, parseSettings } from './settings-text.ts';

/** More than this is no settings file but a mistake, bytes. */
const MOST_BYTES = 1024 * 1024;
const MOST_PROBLEMS = 5;

/** The user's settings in one file, which is made when a setting is first changed. Nothing here throws. */
export interface SettingsFile {
  /** As it is shown: below the home directory with a `~`. */
  readonly shownPath: string;
  /** What is wrong in the file never stops the REPL: the other lines count, and `problems` says where to look. */
  load(): Promise<{ readonly settings: Settings; readonly problems: readonly string[] }>;
  /** @returns why it could not be written, if it could not. */
  keep(name: SettingName, value: string): Promise<string | undefined>;
}

export function openSettingsFile(path: string): SettingsFile {
  const shownPath = path.startsWith(`${homedir()}/`) ? `~${path.slice(homedir().length)}` : path;
  let tail: Promise<string | undefined> = Promise.resolve(undefined);

  async function change(name: SettingName, value: string): Promise<string | undefined> {
    try {
      const text = (await readText(path)) ?? newSettingsText();
      await replace(path, changeSetting(text, name, value));
      return undefined;
    } catch (error) {
      return `${shownPath}: ${messageOf(error)}`;
    }
  }

  return {
    shownPath,
    async load() {
      try {
        const { settings, problems } = parseSettings((await readText(path)) ?? '');
        const told = problems
          .slice(0, MOST_PROBLEMS)
          .map(({ line, problem }) => `${shownPath}:${line}: ${problem}`);
        const more = problems.length - told.length;
        return {
          settings,
          problems: more > 0 ? [...told, `${shownPath}: ${more} more lines are wrong.`] : told,
        };
      } catch (error) {
        return {
          settings: defaultSettings,
          problems: [`${shownPath}: ${messageOf(error)}. All settings are at their defaults.`],
        };
      }
    },
    keep(name, value) {
      tail = tail.then(() => change(name, value));
      return tail;
    },
  };
}

/** undefined: there is no such file. */
async function readText(path: string): Promise<string | undefined> {
  try {
    const { size } = await stat(path);
    if (size > MOST_BYTES) throw new Error(`${size} bytes are too much for a file of settings`);
    return await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/**
 * Whole or not at all: a REPL that reads at the same time never sees half a file. A link, as people who keep such files
 * in a repository have it, stays a link.
 */
async function replace(path: string, text: string): Promise<void> {
  await makeDirectory(dirname(path), 0o700);
  const target = await realpath(path).catch(() => path);
  const mode = await stat(target).then(
    (info) => info.mode & 0o777,
    () => 0o600,
  );
  const temporary = `${target}.${process.pid}.tmp`;
  try {
    await writeFile(temporary, text, { mode });
    await chmod(temporary, mode);
    const file = await open(temporary, 'r');
    await file.sync().finally(() => file.close());
    await rename(temporary, target);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
