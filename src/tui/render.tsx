import { PassThrough } from 'node:stream';
import { render } from 'ink';
import type { KeyEvent } from '../repl/editor/key-event.ts';
import { createBlocks } from '../repl/runtime/blocks.ts';
import { startClock } from '../repl/runtime/clock.ts';
import type { HistoryStore } from '../repl/runtime/history-store.ts';
import type { PlayEnd } from '../repl/runtime/play/player.ts';
import { attachKeys } from '../repl/runtime/read-keys.ts';
import { recallInTime } from '../repl/runtime/recall.ts';
import { createRecordCommand } from '../repl/runtime/record.ts';
import { createRecorder } from '../repl/runtime/recorder.ts';
import { createEffectRunner } from '../repl/runtime/run-effect.ts';
import type { SettingsFile } from '../repl/runtime/settings-file.ts';
import type { DevboxPort, Diagnose, ShellPort } from '../repl/runtime/shell-port.ts';
import { createStore } from '../repl/runtime/store.ts';
import { takeTypeAhead } from '../repl/runtime/type-ahead.ts';
import { createTypist } from '../repl/runtime/type-keys.ts';
import { watchDevbox } from '../repl/runtime/watch-devbox.ts';
import { isOnDevbox } from '../repl/state/entry.ts';
import type { ConnectionReport } from '../repl/state/event.ts';
import { initialState } from '../repl/state/state.ts';
import { App, type InkScreen } from './app.tsx';
import { createTerminalLender } from './lend-terminal.ts';
import { createLiveFrame } from './live-frame.ts';
import { NO_TERMINAL_TAKEN, noTerminal } from './no-terminal.ts';
import { onResize } from './on-resize.ts';
import { type PlayOptions, playSession } from './play-session.ts';
import { createScrollback } from './scrollback.ts';
import { type EndSignal, endStatus, onEndSignal } from './signals.ts';
import { createSuspender } from './suspend.ts';
import { takeTerminal } from './terminal-modes.ts';

export interface ReplOptions {
  readonly devbox: DevboxPort;
  readonly shell: ShellPort;
  /** How the status line calls the devbox. */
  readonly devboxLabel: string;
  readonly cwd: string | undefined;
  /** The shell is new: what the settings say of new ones is done. */
  readonly created: boolean;
  readonly settings: SettingsFile;
  readonly welcome: string;
  readonly history: HistoryStore;
  readonly diagnose: Diagnose;
  /** From where the relative paths of files on this machine start. */
  readonly localFolder: string;
  /** Folder for the raw output of executions. */
  readonly spillDir: string;
  /** Undefined: a person types. */
  readonly play: PlayOptions | undefined;
  /** Tells of lost and regained connections; returns how to stop that. */
  readonly onConnection: (listener: (report: ConnectionReport) => void) => () => void;
}

export interface ReplEnd {
  /** Of the script that was played, if one was and it has ended. */
  readonly played: PlayEnd | undefined;
  readonly reason: 'detached' | 'closed' | EndSignal;
  /** The shell attached last. */
  readonly shellName: string;
  /** Commands that run or wait there, and go on. */
  readonly goingOn: number;
  readonly connected: boolean;
}

/** Runs the REPL on this process's terminal until it is left. The terminal's modes are restored on every way out. */
export async function runRepl(options: ReplOptions): Promise<ReplEnd> {
  const noOne = options.play?.size;
  const { stdin, stdout } = noOne === undefined ? process : noTerminal(noOne);
  const size = () => ({ columns: stdout.columns, rows: stdout.rows });
  const colour = !process.env.NO_COLOR;
  const ended = Promise.withResolvers<ReplEnd['reason']>();
  const over = new AbortController();

  const [{ commands, problem }, { settings, problems }, recall] = await Promise.all([
    options.history.newest(options.shell.name),
    options.settings.load(),
    options.created ? undefined : recallInTime(options.shell, options.diagnose),
  ]);
  const recorder = createRecorder({
    terminal: (noOne === undefined ? process.env.TERM : undefined) ?? 'xterm-256color',
    title: `nsh ${options.shell.name}`,
    onProblem: (message) => store.dispatch({ type: 'failed', what: 'Recording', message }),
  });
  const { play } = options;
  if (play?.record !== undefined) await recorder.begin(play.record, size, async () => {});
  const live = createLiveFrame(stdout, recorder.wrote);
  const scrollback = createScrollback({
    print: live.print,
    control: (sequence) => void stdout.write(sequence),
    colour,
    columns: () => stdout.columns || 80,
  });
  const blocks = createBlocks({
    pump: scrollback.pump,
    spillDir: options.spillDir,
    colour,
    cutAt: () => (store.state().settings.wrap === 'off' ? stdout.columns : undefined),
    marks: () => store.state().settings.marks === 'on',
    onPartial: (text) => store.dispatch({ type: 'partial', text }),
    onProblem: (message) => store.dispatch({ type: 'failed', what: 'Keeping output on disk', message }),
  });
  const mounted = Promise.withResolvers<InkScreen>();
  const runner = createEffectRunner({
    devbox: options.devbox,
    shell: options.shell,
    blocks,
    screen: scrollback.screen,
    history: options.history,
    settings: options.settings,
    diagnose: options.diagnose,
    lendTerminal: (body) => lend(body),
    suspend: () => suspender.suspend(),
    colour,
    localFolder: options.localFolder,
    record: createRecordCommand({
      recorder,
      screen: scrollback.screen,
      size,
      folder: options.localFolder,
      printed: scrollback.pump.idle,
      redraw: live.redraw,
    }),
    onLeave: ended.resolve,
  });
  const store = createStore(
    initialState({
      shellName: options.shell.name,
      devbox: options.devboxLabel,
      cwd: options.cwd,
      devboxId: options.devbox.id,
      past: commands,
      // Without styles a suggestion would look like what is typed.
      settings: colour ? settings : { ...settings, suggestions: 'off' },
      settingsPath: options.settings.shownPath,
      columns: stdout.columns,
      rows: stdout.rows,
      now: Date.now(),
    }),
    runner.run,
  );

  const terminal = noOne === undefined ? takeTerminal(stdin, stdout) : NO_TERMINAL_TAKEN;
  const takeTyped = async () => {
    const typed = await takeTypeAhead(stdin);
    // What was typed at a player before it began is for nobody.
    if (typed.length > 0 && play === undefined) stdin.unshift(typed);
  };
  await takeTyped();
  const signals = onEndSignal(ended.resolve);
  // A terminal that went away without a signal reads as an error or an end.
  const hungUp = () => ended.resolve('SIGHUP');
  stdin.on('error', hungUp).on('end', hungUp);
  const crashed = (error: unknown) => ended.reject(error);
  process.once('uncaughtException', crashed);
  const resized = () => {
    live.resized();
    recorder.resized(size());
    store.dispatch({ type: 'resized', columns: stdout.columns, rows: stdout.rows });
  };
  const disconnect = options.onConnection((connection) =>
    store.dispatch({ type: 'connection', connection, now: Date.now() }),
  );
  // Before the frame, not above it: erasing a frame that starts in the screen's first row makes tmux keep a copy.
  const welcome = scrollback.format(options.welcome, 'dim');
  stdout.write(welcome);
  recorder.wrote(welcome);
  // Before the frame, which is what makes people press keys and send signals.
  const suspender = createSuspender(
    async (body) => {
      await lend(body);
      // Node learns of another size by this signal alone, and only the foreground gets it from the terminal.
      process.kill(process.pid, 'SIGWINCH');
    },
    () => {
      terminal.retake();
      process.kill(process.pid, 'SIGWINCH');
    },
  );
  // Ink never reads the keys: a parser of our own stands before it, and Ink gets a stream that stays silent.
  const ink = render(<App store={store} colour={colour} onMounted={mounted.resolve} />, {
    stdin: new PassThrough() as unknown as NodeJS.ReadStream,
    stdout: live.stdout,
    exitOnCtrlC: false,
    patchConsole: false,
    interactive: true,
    maxFps: 60,
  });
  const resizing = onResize(stdout, resized);
  const typist = createTypist(store);
  let onKey: (key: KeyEvent) => void = typist;
  let keys = attachKeys(stdin, (key) => onKey(key));
  const lend = createTerminalLender({
    scrollback,
    terminal,
    signals,
    screen: mounted.promise,
    keys: {
      detach: () => keys.detach(),
      attach: async () => {
        await takeTyped();
        keys = attachKeys(stdin, (key) => onKey(key));
      },
    },
  });
  startClock(store, over.signal);
  void watchDevbox(options.devbox, store, options.diagnose, over.signal);
  if (problem !== undefined) scrollback.screen.print(problem, 'error');
  for (const text of problems) scrollback.screen.print(text, 'error');
  if (recall) store.dispatch(recall);
  store.dispatch({ type: 'tick', now: Date.now() });
  if (options.created) store.dispatch({ type: 'created', now: Date.now() });
  let played: PlayEnd | undefined;
  if (play !== undefined) {
    const session = playSession(play, { store, scrollback, recorder });
    onKey = session.onKey;
    session.ended.then((end) => {
      played = end;
      onKey = typist;
      if (!play.stay) store.dispatch({ type: 'detach' });
    }, ended.reject);
  }

  let mayWait = false;
  let exitStatus = 1;
  try {
    const reason = await ended.promise;
    mayWait = reason === 'detached' || reason === 'closed';
    exitStatus = reason === 'detached' || reason === 'closed' ? 0 : endStatus(reason);
    const { entries, connection } = store.state();
    const goingOn = entries.filter(isOnDevbox).length;
    const connected = connection.kind === 'connected';
    return { reason, shellName: runner.shellName(), goingOn, connected, played };
  } finally {
    over.abort();
    keys.detach();
    stdin.off('end', hungUp);
    disconnect();
    process.off('uncaughtException', crashed);
    resizing.off();
    suspender.off();
    live.end();
    runner.stop();
    await Promise.all([blocks.end(), options.history.settled()]);
    // A terminal that is gone or stopped takes no more: a signal must end nsh all the same.
    if (mayWait) await scrollback.pump.idle();
    ink.unmount();
    await recorder.end(exitStatus);
    terminal.restore();
    stdin.pause();
    signals.off();
  }
}
