import { PassThrough } from 'node:stream';
import { render } from 'ink';
import { createBlocks } from '../repl/runtime/blocks.ts';
import { startClock } from '../repl/runtime/clock.ts';
import type { HistoryStore } from '../repl/runtime/history-store.ts';
import { attachKeys } from '../repl/runtime/read-keys.ts';
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
import { onResize } from './on-resize.ts';
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
  /** Tells of lost and regained connections; returns how to stop that. */
  readonly onConnection: (listener: (report: ConnectionReport) => void) => () => void;
}

export interface ReplEnd {
  readonly reason: 'detached' | 'closed' | EndSignal;
  /** The shell attached last. */
  readonly shellName: string;
  /** Commands that run or wait there, and go on. */
  readonly goingOn: number;
  readonly connected: boolean;
}

/** Runs the REPL on this process's terminal until it is left. The terminal's modes are restored on every way out. */
export async function runRepl(options: ReplOptions): Promise<ReplEnd> {
  const { stdin, stdout } = process;
  const colour = !process.env.NO_COLOR;
  const ended = Promise.withResolvers<ReplEnd['reason']>();
  const over = new AbortController();

  const [{ commands, problem }, { settings, problems }] = await Promise.all([
    options.history.newest(options.shell.name),
    options.settings.load(),
  ]);
  const recorder = createRecorder({
    terminal: process.env.TERM ?? 'xterm-256color',
    title: `nsh ${options.shell.name}`,
    onProblem: (message) => store.dispatch({ type: 'failed', what: 'Recording', message }),
  });
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
    record: createRecordCommand({
      recorder,
      screen: scrollback.screen,
      size: () => ({ columns: stdout.columns, rows: stdout.rows }),
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

  const terminal = takeTerminal(stdin, stdout);
  const typed = await takeTypeAhead(stdin);
  if (typed.length > 0) stdin.unshift(typed);
  const signals = onEndSignal(ended.resolve);
  // A terminal that went away without a signal reads as an error or an end.
  const hungUp = () => ended.resolve('SIGHUP');
  stdin.on('error', hungUp).on('end', hungUp);
  const crashed = (error: unknown) => ended.reject(error);
  process.once('uncaughtException', crashed);
  const resized = () => {
    live.resized();
    recorder.resized({ columns: stdout.columns, rows: stdout.rows });
    store.dispatch({ type: 'resized', columns: stdout.columns, rows: stdout.rows });
  };
  const disconnect = options.onConnection((connection) =>
    store.dispatch({ type: 'connection', connection, now: Date.now() }),
  );
  // Before the frame, not above it: erasing a frame that starts in the screen's first row makes tmux keep a copy.
  stdout.write(scrollback.format(options.welcome, 'dim'));
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
  let keys = attachKeys(stdin, typist);
  const lend = createTerminalLender({
    scrollback,
    terminal,
    signals,
    screen: mounted.promise,
    keys: {
      detach: () => keys.detach(),
      attach: () => {
        keys = attachKeys(stdin, typist);
      },
    },
  });
  startClock(store, over.signal);
  void watchDevbox(options.devbox, store, options.diagnose, over.signal);
  if (problem !== undefined) scrollback.screen.print(problem, 'error');
  for (const text of problems) scrollback.screen.print(text, 'error');
  store.dispatch({ type: 'tick', now: Date.now() });
  if (options.created) store.dispatch({ type: 'created', now: Date.now() });

  let mayWait = false;
  let exitStatus = 1;
  try {
    const reason = await ended.promise;
    mayWait = reason === 'detached' || reason === 'closed';
    exitStatus = reason === 'detached' || reason === 'closed' ? 0 : endStatus(reason);
    const { entries, connection } = store.state();
    const goingOn = entries.filter(isOnDevbox).length;
    return { reason, shellName: runner.shellName(), goingOn, connected: connection.kind === 'connected' };
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
