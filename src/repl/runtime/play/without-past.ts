import { defaultSettings } from '../../state/settings.ts';
import type { HistoryStore } from '../history/history-store.ts';
import type { SettingsFile } from '../settings/settings-file.ts';

/** What is played is the same each time, and leaves nothing: no history is read or kept. */
export function noHistory(devbox: string): HistoryStore {
  const nothing = async () => ({ commands: [], problem: undefined });
  return { devbox, newest: nothing, all: nothing, append: async () => undefined, settled: async () => {} };
}

/** Nor the user's settings. */
export const noSettingsFile: SettingsFile = {
  shownPath: 'this play alone',
  load: async () => ({ settings: defaultSettings, problems: [] }),
  keep: async () => undefined,
};
