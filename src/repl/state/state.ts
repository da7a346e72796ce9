import { type Editor, emptyEditor } from '../editor/editor.ts';
import type { PastCommand } from '../editor/past-command.ts';
import { initialVi, type Vi } from '../editor/vi/vi.ts';
import type { Completion } from './completion/completion.ts';
import { type Past, typedLines } from './history/past.ts';
import type { HistorySearch } from './history/search.ts';
import type { Ended } from './queue/ended.ts';
import type { Entry } from './queue/entry.ts';
import type { Settings } from './settings.ts';

export type Connection =
  | { readonly kind: 'connected' }
  | { readonly kind: 'unauthorized'; readonly reason: string }
  /** `retryAt` is Unix time, ms. */
  | { readonly kind: 'retrying'; readonly reason: string; readonly retryAt: number };

/** Why lines typed here are not sent. What is held is shown as held and released by Enter on an empty line. */
export interface Hold {
  readonly reason: string;
}

export interface ShellState {
  readonly name: string;
  /** Unset while unknown: the service does not tell it. */
  readonly cwd: string | undefined;
  /** Of its bash, as last told; undefined while it has none, or none is known. */
  readonly pid: number | undefined;
}

export interface ReplState {
  readonly editor: Editor;
  /** Counts while the setting `keys` is `vi`. */
  readonly vi: Vi;
  readonly past: Past;
  /** The lines that Up goes through, oldest first. */
  readonly history: readonly string[];
  /** There while the history is searched. */
  readonly search: HistorySearch | undefined;
  /** From the Tab on until the next key that has nothing to do with it. */
  readonly completion: Completion | undefined;
  /** Numbers what is asked of the devbox, so that an answer that comes too late is told from one that is waited for. */
  readonly completionsAsked: number;
  /** The command of the history that begins with the line; whether it is shown depends on the cursor too. */
  readonly suggestion: string | undefined;
  readonly settings: Settings;
  /** Where they are kept, to be shown. */
  readonly settingsPath: string;
  readonly shell: ShellState;
  /** Another shell is being attached to: lines typed meanwhile wait for it. */
  readonly switching: boolean;
  readonly devbox: string;
  readonly connection: Connection;
  /** Why the devbox itself runs no commands now, in a word or two; undefined: it runs, or does not tell. */
  readonly devboxTrouble: string | undefined;
  /** The next line starts a fresh one, which has nothing yet of what the settings give to a new shell. */
  readonly bashEnded: boolean;
  /** The shell was closed, and not made again since: nothing of it is left to bring back. */
  readonly shellGone: boolean;
  /** It is closed from here: no news. */
  readonly closing: boolean;
  /** The devbox tells what happens in the shell as it happens; otherwise it is asked now and then. */
  readonly live: boolean;
  /** The connection broke: whether the shell is still the one it was is asked before anything more is sent. */
  readonly unsure: boolean;
  /** The devbox counts the commands of its shells: their numbers are the names here. */
  readonly counts: boolean;
  /** In the order in which they run; what is unsent comes last. */
  readonly entries: readonly Entry[];
  /**
   * Every command of the shell up to this number was told of; undefined: where to begin is not known yet; infinite: news do
   * not come, so none is waited for.
   */
  readonly toldUpTo: number | undefined;
  /** News were cut: of the commands behind `after`, up to `upTo`, some may not be known yet, and the devbox is asked. */
  readonly missing: { readonly after: number; readonly upTo: number } | undefined;
  /** The latest executions whose end was shown: news of them that come late are no news. */
  readonly shownEnds: readonly string[];
  /** The newest of the commands that have ended, as they ended. */
  readonly ended: readonly Ended[];
  readonly nextNumber: number;
  /** The next line is launched with stdin. */
  readonly stdinNext: boolean;
  /** The command whose stdin takes what is typed. It may have ended since. */
  readonly inputTo: number | undefined;
  /** Something was typed for a command and may not be handed over yet. */
  readonly inputWaits: boolean;
  /** Whether stdin reaches commands here is not known, and whether the user was told. */
  readonly stdin: 'proven' | 'unproven' | 'told';
  readonly hold: Hold | undefined;
  /** The number of the command that is selected while the queue has the keys. */
  readonly queueFocus: number | undefined;
  /** The number of the waiting command whose text is in the editor. */
  readonly editing: number | undefined;
  /** What stood in the editor before that; it comes back when the edit is sent or given up. */
  readonly draft: Editor | undefined;
  /** Hints that were given, and are not given again. */
  readonly hinted: readonly string[];
  /** One line above the prompt, until the next key. */
  readonly notice: string | undefined;
  /** The user's own editor or pager has the terminal: keys that came before it started wait until it has ended. */
  readonly terminalLent: boolean;
  /** The key that began a sequence of two, until the next key. */
  readonly keyPrefix: string | undefined;
  /** Set when a press of Ctrl-C was answered by nothing yet, so that the next advice can name Ctrl-\. */
  readonly interruptedAt: number | undefined;
  /** Ctrl-D was pressed while lines were unsent: the next one leaves them. */
  readonly leaveConfirmed: boolean;
  readonly columns: number;
  readonly rows: number;
  /** Unix time, ms, as of the last event that carried it. */
  readonly now: number;
  /** The running command's last line while it has no line break yet. */
  readonly partial: string;
  /** What the terminal is sent is kept in a file. */
  readonly recording: boolean;
  /** The terminal has not said that it lost the focus. */
  readonly focused: boolean;
  readonly leaving: boolean;
  /** The terminal edits the line: few keys reach nsh. */
  readonly plain: boolean;
}

export interface InitialState {
  readonly shellName: string;
  readonly devbox: string;
  readonly cwd: string | undefined;
  /** The number of the newest command of the shell; undefined: the devbox does not count them. */
  readonly lastNumber: number | undefined;
  /** The id of the devbox, by which the history tells devboxes apart. */
  readonly devboxId: string;
  /** The newest commands of the shell, oldest first. */
  readonly past: readonly PastCommand[];
  readonly settings: Settings;
  readonly settingsPath: string;
  readonly columns: number;
  readonly rows: number;
  readonly now: number;
  readonly plain: boolean;
}

export function initialState(start: InitialState): ReplState {
  const past: Past = { devbox: start.devboxId, commands: start.past, loaded: 'no' };
  return {
    editor: emptyEditor,
    vi: initialVi,
    past,
    history: typedLines(past, start.settings.history, start.shellName),
    search: undefined,
    completion: undefined,
    completionsAsked: 0,
    suggestion: undefined,
    settings: start.settings,
    settingsPath: start.settingsPath,
    shell: { name: start.shellName, cwd: start.cwd, pid: undefined },
    switching: false,
    devbox: start.devbox,
    connection: { kind: 'connected' },
    devboxTrouble: undefined,
    bashEnded: false,
    shellGone: false,
    closing: false,
    live: false,
    unsure: false,
    counts: start.lastNumber !== undefined,
    entries: [],
    toldUpTo: start.lastNumber,
    missing: undefined,
    shownEnds: [],
    ended: [],
    nextNumber: 1,
    stdinNext: false,
    inputTo: undefined,
    inputWaits: false,
    stdin: 'proven',
    hold: undefined,
    queueFocus: undefined,
    editing: undefined,
    draft: undefined,
    hinted: [],
    notice: undefined,
    terminalLent: false,
    keyPrefix: undefined,
    interruptedAt: undefined,
    leaveConfirmed: false,
    columns: start.columns,
    rows: start.rows,
    now: start.now,
    partial: '',
    recording: false,
    focused: true,
    leaving: false,
    plain: start.plain,
  };
}
