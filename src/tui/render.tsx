import { PassThrough } from 'node:stream';
import { render } from 'ink';
import type { KeyEvent } from '../repl/editor/key-event.ts';
import { attachKeys } from '../repl/runtime/keys/read-keys.ts';
import { takeTypeAhead } from '../repl/runtime/keys/type-ahead.ts';
import { createTypist } from '../repl/runtime/keys/type-keys.ts';
import type { PlayEnd } from '../repl/runtime/play/player.ts';
import { createRecordCommand } from '../repl/runtime/record/record.ts';
import { createRecorder } from '../repl/runtime/record/recorder.ts';
import { openSession, type SessionOptions, type SessionSummary } from '../repl/runtime/session.ts';
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

export interface ReplOptions extends SessionOptions {
  readonly welcome: string;
  /** Undefined: a person types. */
  readonly play: PlayOptions | undefined;
}

export interface ReplEnd extends SessionSummary {
  /** Of the script that was played, if one was and it has ended. */
  readonly played: PlayEnd | undefined;
  readonly reason: 'detached' | 'closed' | EndSignal;
}

/** Runs the REPL on this process's terminal until it is left. The terminal's modes are restored on every way out. */
export async function runRepl(options: ReplOptions): Promise<ReplEnd> {
  const noOne = options.play?.size;
  const { stdin, stdout } = noOne === undefined ? process : noTerminal(noOne);
  const size = () => ({ columns: stdout.columns, rows: stdout.rows });
  const colour = !process.env.NO_COLOR;
  const ended = Promise.withResolvers<ReplEnd['reason']>();
  const recording = (isRecording: boolean) => session.store.dispatch({ type: 'recording', isRecording });
  const recorder = createRecorder({
    terminal: (noOne === undefined ? process.env.TERM : undefined) ?? 'xterm-256color',
    title: `nsh ${options.shell.name}`,
    onProblem: (message) => {
      recording(false);
      session.store.dispatch({ type: 'failed', what: 'Recording', message });
    },
  });
  const live = createLiveFrame(stdout, recorder.wrote);
  const scrollback = createScrollback({
    print: live.print,
    control: (sequence) => void stdout.write(sequence),
    colour,
    columns: () => stdout.columns || 80,
  });
  const mounted = Promise.withResolvers<InkScreen>();
  const session = await openSession(options, {
    ...scrollback,
    colour,
    size,
    recalls: true,
    unlike: {},
    drawn: true,
    lendTerminal: (body) => lend(body),
    suspend: () => suspender.suspend(),
    record: createRecordCommand({
      recorder,
      screen: scrollback.screen,
      size,
      folder: options.localFolder,
      printed: scrollback.pump.idle,
      redraw: live.redraw,
      onChange: (is) => recording(is),
    }),
    onLeave: ended.resolve,
  });
  const { store } = session;
  const { play } = options;
  if (play?.record !== undefined) await recorder.begin(play.record, size, async () => {});

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
  session.begin();
  let played: PlayEnd | undefined;
  if (play !== undefined) {
    const player = playSession(play, { store, scrollback, recorder });
    onKey = player.onKey;
    player.ended.then((end) => {
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
    return { reason, played, ...session.summary() };
  } finally {
    session.stop();
    keys.detach();
    stdin.off('end', hungUp);
    process.off('uncaughtException', crashed);
    resizing.off();
    suspender.off();
    live.end();
    await session.kept();
    // A terminal that is gone or stopped takes no more: a signal must end nsh all the same.
    if (mayWait) await scrollback.pump.idle();
    ink.unmount();
    await recorder.end(exitStatus);
    terminal.restore();
    stdin.pause();
    signals.off();
  }
}
