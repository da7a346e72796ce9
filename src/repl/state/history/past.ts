import type { HistoryBrowsing } from '../../editor/history.ts';
import { type HistoryScope, isInScope, type PastCommand } from '../../editor/past-command.ts';
import type { Remembered } from '../effect.ts';
import type { ReplState } from '../state.ts';

/** The history as far as it is in memory. */
export interface Past {
  /** The id of the devbox. */
  readonly devbox: string;
  /** Oldest first. At first the newest of this shell, then those of every shell. */
  readonly commands: readonly PastCommand[];
  /** All of it is read with the first key: a REPL that only watches does not need it. */
  readonly loaded: 'no' | 'asked' | 'yes';
}

/** The lines that Up and Down walk through: those typed, not what other programs ran. */
export function typedLines(
  { devbox, commands }: Past,
  scope: HistoryScope,
  shell: string,
): readonly string[] {
  const here = { devbox, shell };
  return commands
    .filter((past) => past.elsewhere !== true && isInScope(past, scope, here))
    .map(({ command }) => command);
}

export function addPast(state: ReplState, past: Omit<PastCommand, 'devbox' | 'shell'>): ReplState {
  const { devbox, commands } = state.past;
  const added = { ...past, devbox, shell: state.shell.name };
  return { ...state, past: { ...state.past, commands: [...commands, added] } };
}

/** More became known of a line that was typed here: its execution, how it ended. */
export function completePast(state: ReplState, { command, typedAt, ...known }: Remembered): ReplState {
  const { commands } = state.past;
  const index = indexOf(commands, typedAt, command);
  const found = commands[index];
  if (found === undefined) return state;
  return { ...state, past: { ...state.past, commands: commands.with(index, { ...found, ...known }) } };
}

/** Found by its time: of thousands of lines typed at once each is completed twice. */
function indexOf(commands: readonly PastCommand[], at: number, command: string): number {
  let from = 0;
  for (let to = commands.length; from < to; ) {
    const middle = (from + to) >> 1;
    if ((commands[middle]?.at ?? 0) <= at) from = middle + 1;
    else to = middle;
  }
  for (let index = from - 1; commands[index]?.at === at; index--) {
    if (commands[index]?.command === command) return index;
  }
  // A clock that was set back leaves them out of order.
  return commands.findLastIndex((past) => past.at === at && past.command === command);
}

/** Takes what was read from the disk; what happened meanwhile is newer than that. */
export function pastLoaded(state: ReplState, loaded: readonly PastCommand[]): ReplState {
  const keyOf = ({ at, command }: PastCommand) => `${at} ${command}`;
  const news = new Map(state.past.commands.map((past) => [keyOf(past), past]));
  const since = state.past.commands[0]?.at ?? Number.POSITIVE_INFINITY;
  const ids = new Set<string>();
  const merged = loaded.map((past) => {
    if (past.at < since) return past;
    if (past.executionId !== undefined) ids.add(past.executionId);
    const newer = news.get(keyOf(past));
    news.delete(keyOf(past));
    return newer === undefined ? past : { ...past, ...newer };
  });
  const more = [...news.values()].filter(({ executionId: id }) => id === undefined || !ids.has(id));
  const commands = [...merged, ...more].sort((a, b) => a.at - b.at);
  return walkHistory({ ...state, past: { ...state.past, commands, loaded: 'yes' } });
}

/** Makes Up and Down go through what the settings say, also when they are under way. */
export function walkHistory(state: ReplState): ReplState {
  const history = typedLines(state.past, state.settings.history, state.shell.name);
  const { browsing } = state.editor;
  const editor =
    browsing === undefined ? state.editor : { ...state.editor, browsing: moved(browsing, history) };
  return { ...state, history, editor };
}

function moved(browsing: HistoryBrowsing, history: readonly string[]): HistoryBrowsing {
  const { shown } = browsing;
  const index = history.lastIndexOf(shown.text);
  return { ...browsing, shown: { ...shown, index: index < 0 ? history.length : index } };
}
