import type { ConnectionReport } from '../state/event.ts';
import { isOnDevbox } from '../state/queue/entry.ts';
import type { Settings } from '../state/settings.ts';
import { initialState } from '../state/state.ts';
import { type Blocks, type BlocksOptions, createBlocks } from './blocks/blocks.ts';
import { startClock } from './clock.ts';
import type { HistoryStore } from './history/history-store.ts';
import { recallInTime } from './recall.ts';
import { createEffectRunner, type EffectContext, type EffectRunner } from './run-effect.ts';
import type { SettingsFile } from './settings/settings-file.ts';
import type { DevboxPort, Diagnose, ShellPort } from './shell-port.ts';
import { createStore, type Store } from './store.ts';
import { watchDevbox } from './watch-devbox.ts';

export interface SessionOptions {
  readonly devbox: DevboxPort;
  readonly shell: ShellPort;
  /** How the status line calls the devbox. */
  readonly devboxLabel: string;
  readonly cwd: string | undefined;
  /** The number of the newest command of the shell; undefined: the devbox does not count them. */
  readonly lastNumber: number | undefined;
  /** The shell is new: what the settings say of new ones is done. */
  readonly created: boolean;
  readonly settings: SettingsFile;
  readonly history: HistoryStore;
  readonly diagnose: Diagnose;
  /** From where the relative paths of files on this machine start. */
  readonly localFolder: string;
  /** Folder for the raw output of executions. */
  readonly spillDir: string;
  /** Tells of lost and regained connections; returns how to stop that. */
  readonly onConnection: (listener: (report: ConnectionReport) => void) => () => void;
}

/** Where a session is shown, and how: drawn, or in lines. */
export interface SessionView
  extends Pick<
      EffectContext,
      'screen' | 'lendTerminal' | 'printLines' | 'suspend' | 'record' | 'onLeave' | 'colour'
    >,
    Pick<BlocksOptions, 'pump' | 'lines' | 'stderrGutter'> {
  readonly size: () => { readonly columns: number; readonly rows: number };
  /** What was in the shell before is shown. */
  readonly recalls: boolean;
  /** Settings of the user's that this view cannot follow. */
  readonly unlike: Partial<Settings>;
  /** Lines may be cut at the right edge and blocks be marked, as the settings say. */
  readonly drawn: boolean;
  /** Effects that are carried out already. */
  readonly isDone?: (effect: Parameters<EffectRunner['run']>[0]) => boolean;
}

/** A person's stay in a shell: the state, what carries its effects out, and what keeps the output. */
export interface Session {
  readonly store: Store;
  /** From here on things happen by themselves: the clock, the devbox's news, the connection's. */
  begin(): void;
  /** How it stands, for the one who leaves. */
  summary(): SessionSummary;
  stop(): void;
  /** Resolves when what is kept of the output and the history is on disk. */
  kept(): Promise<void>;
}

export interface SessionSummary {
  /** The shell attached last. */
  readonly shellName: string;
  /** Commands that run or wait there, and go on. */
  readonly goingOn: number;
  readonly connected: boolean;
}

export async function openSession(options: SessionOptions, view: SessionView): Promise<Session> {
  const { devbox, shell, history, diagnose } = options;
  const { screen, colour, drawn, isDone = () => false } = view;
  const [{ commands, problem }, { settings, problems }, recall] = await Promise.all([
    history.newest(shell.name),
    options.settings.load(),
    view.recalls && !options.created ? recallInTime(shell, diagnose) : undefined,
  ]);
  const blocks: Blocks = createBlocks({
    ...view,
    spillDir: options.spillDir,
    cutAt: () => (drawn && store.state().settings.wrap === 'off' ? view.size().columns : undefined),
    marks: () => drawn && store.state().settings.marks === 'on',
    onPartial: (text) => store.dispatch({ type: 'partial', text }),
    onProblem: (message) => store.dispatch({ type: 'failed', what: 'Keeping output on disk', message }),
  });
  const runner = createEffectRunner({ ...options, ...view, blocks });
  const store = createStore(
    initialState({
      shellName: shell.name,
      devbox: options.devboxLabel,
      cwd: options.cwd,
      devboxId: devbox.id,
      lastNumber: options.lastNumber,
      past: commands,
      // Without styles a suggestion would look like what is typed.
      settings: { ...settings, ...(!colour && { suggestions: 'off' }), ...view.unlike },
      settingsPath: options.settings.shownPath,
      ...view.size(),
      now: Date.now(),
      plain: !drawn,
    }),
    (effect, dispatch) => {
      if (!isDone(effect)) runner.run(effect, dispatch);
    },
  );
  const over = new AbortController();
  let disconnect = () => {};
  return {
    store,
    begin() {
      disconnect = options.onConnection((connection) =>
        store.dispatch({ type: 'connection', connection, now: Date.now() }),
      );
      startClock(store, over.signal);
      void watchDevbox(devbox, store, diagnose, over.signal);
      for (const text of [problem, ...problems]) if (text !== undefined) screen.print(text, 'error');
      if (recall !== undefined) store.dispatch(recall);
      store.dispatch({ type: 'tick', now: Date.now() });
      if (options.created) store.dispatch({ type: 'created', now: Date.now() });
    },
    summary() {
      const { entries, connection } = store.state();
      return {
        shellName: runner.shellName(),
        goingOn: entries.filter(isOnDevbox).length,
        connected: connection.kind === 'connected',
      };
    },
    stop() {
      over.abort();
      disconnect();
      runner.stop();
    },
    kept: async () => void (await Promise.all([blocks.end(), history.settled()])),
  };
}
