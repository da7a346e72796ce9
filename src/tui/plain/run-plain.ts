import { createBlocks } from '../../repl/runtime/blocks.ts';
import { startClock } from '../../repl/runtime/clock.ts';
import { createEffectRunner } from '../../repl/runtime/run-effect.ts';
import { createStore, type Store } from '../../repl/runtime/store.ts';
import { createTypist } from '../../repl/runtime/type-keys.ts';
import { watchDevbox } from '../../repl/runtime/watch-devbox.ts';
import { isOnDevbox } from '../../repl/state/entry.ts';
import { initialState, type ReplState } from '../../repl/state/state.ts';
import type { ReplEnd, ReplOptions } from '../render.tsx';
import { createScrollback } from '../scrollback.ts';
import { linesOfBlock } from './lines-of-block.ts';
import { news, promptText } from './news.ts';
import { createPage } from './page.ts';
import { readTerminalLines } from './terminal-lines.ts';

const key = (name: string, ctrl = false) => ({ type: 'key', name, ctrl, alt: false, shift: false }) as const;
const ENTER = key('enter');
/** What the terminal's own line editor leaves in the line. */
const CTRL_T = '\x14';
/** A line that is not ended for so long is shown as it is: a question, most likely. ms. */
const QUESTION_AFTER_MS = 300;

/**
 * The REPL in lines, for screen readers and terminals that can do nothing else: the same state and commands, nothing
 * drawn, no control sequence. The terminal edits the line.
 */
export async function runPlain(options: ReplOptions): Promise<ReplEnd> {
  const { stdout } = process;
  const ended = Promise.withResolvers<ReplEnd['reason']>();
  const over = new AbortController();
  const [{ commands, problem }, { settings, problems }] = await Promise.all([
    options.history.newest(options.shell.name),
    options.settings.load(),
  ]);
  const page = createPage(stdout);
  const scrollback = createScrollback({
    // What comes unasked leaves the line that is being typed without its prompt.
    print: (text) => page.print(text).then(prompt),
    control: () =>
      scrollback.screen.print(
        'Nothing reaches the clipboard from here: that takes the drawn screen.',
        'error',
      ),
    colour: false,
    columns: () => stdout.columns || 80,
  });
  const { pump, screen } = scrollback;
  let typedNumber = 0;
  const blocks = createBlocks({
    pump,
    spillDir: options.spillDir,
    colour: false,
    lines: linesOfBlock((number) => number === typedNumber),
    stderrGutter: '',
    marks: () => false,
    onPartial: (text) => store.dispatch({ type: 'partial', text }),
    onProblem: (message) => store.dispatch({ type: 'failed', what: 'Keeping output on disk', message }),
  });
  let lent = false;
  const runner = createEffectRunner({
    devbox: options.devbox,
    shell: options.shell,
    blocks,
    screen,
    history: options.history,
    settings: options.settings,
    diagnose: options.diagnose,
    lendTerminal: async (body) => {
      lines.pause();
      const hold = scrollback.hold();
      lent = true;
      await body().finally(() => {
        lent = false;
        hold.release();
        lines.resume();
      });
    },
    suspend: async () => false,
    colour: false,
    localFolder: options.localFolder,
    record: () => screen.print('There is no screen to be recorded: start nsh without --plain.', 'error'),
    onLeave: ended.resolve,
  });

  /** What the terminal has shown as it was typed is not printed again. */
  let typedLine = '';
  const isEcho = (text: string) => text === typedLine || text.endsWith(` ◂ ${typedLine}`);
  const store = createStore(
    initialState({
      shellName: options.shell.name,
      devbox: options.devboxLabel,
      cwd: options.cwd,
      devboxId: options.devbox.id,
      past: commands,
      settings: { ...settings, suggestions: 'off', keys: 'emacs' },
      settingsPath: options.settings.shownPath,
      columns: stdout.columns,
      rows: stdout.rows,
      now: Date.now(),
    }),
    (effect, dispatch) => {
      if (effect.type !== 'print' || !isEcho(effect.text)) runner.run(effect, dispatch);
    },
  );

  /** Lines that were typed and are not with the state yet. */
  let underWay = 0;
  const counting: Store = {
    ...store,
    dispatch(event) {
      const { entries } = store.state();
      store.dispatch(event);
      if (event.type !== 'key' || event.key !== ENTER) return;
      const [first, second] = store.state().entries;
      if (entries.length === 0 && first !== undefined && second === undefined) typedNumber = first.number;
      underWay -= 1;
      prompt();
    },
  };
  const typist = createTypist(counting);
  let asking = false;
  const prompt = () => {
    if (asking) return;
    asking = true;
    void pump.idle().then(() => {
      asking = false;
      const text = promptText(store.state());
      if (underWay === 0 && text !== undefined && page.isAtMargin() && !over.signal.aborted)
        page.prompt(text);
    });
  };
  let before: ReplState = store.state();
  const question = createQuestion((text) => screen.print(text, 'plain'));
  const unsubscribe = store.subscribe(() => {
    const state = store.state();
    const told = news(before, state);
    before = state;
    for (const text of told) screen.print(text, 'dim');
    question(state.partial);
    prompt();
  });

  const press = (name: string) => () => {
    if (lent) return;
    // The terminal has dropped what was typed, and shows the key.
    page.begun();
    page.newRow();
    const { entries, editor } = store.state();
    // Most likely it was meant for the line, of which nothing is known here.
    if (entries.length > 0 || editor.buffer.text !== '') typist(key(name, true));
    prompt();
  };
  const lines = readTerminalLines({
    onLine(text) {
      page.ended();
      typedLine = text;
      if (text === CTRL_T) return void typist(key('t', true));
      underWay += 1;
      if (text !== '') typist({ type: 'paste', text });
      typist(ENTER);
    },
    onEndOfInput: () => typist(key('d', true)),
    onGone: () => ended.resolve('SIGHUP'),
  });
  const signals = {
    SIGINT: press('c'),
    SIGQUIT: press('\\'),
    SIGTERM: () => ended.resolve('SIGTERM'),
    SIGHUP: () => ended.resolve('SIGHUP'),
    SIGWINCH: () => store.dispatch({ type: 'resized', columns: stdout.columns, rows: stdout.rows }),
  };
  for (const [signal, listener] of Object.entries(signals)) process.on(signal, listener);
  const disconnect = options.onConnection((connection) =>
    store.dispatch({ type: 'connection', connection, now: Date.now() }),
  );
  screen.print(options.welcome, 'dim');
  startClock(store, over.signal);
  void watchDevbox(options.devbox, store, options.diagnose, over.signal);
  for (const text of [problem, ...problems]) if (text !== undefined) screen.print(text, 'error');
  store.dispatch({ type: 'tick', now: Date.now() });
  if (options.created) store.dispatch({ type: 'created', now: Date.now() });

  try {
    const reason = await ended.promise;
    const { entries, connection } = store.state();
    const goingOn = entries.filter(isOnDevbox).length;
    if (reason === 'detached' || reason === 'closed') await pump.idle();
    const connected = connection.kind === 'connected';
    return { reason, shellName: runner.shellName(), goingOn, connected, played: undefined };
  } finally {
    over.abort();
    question('');
    unsubscribe();
    disconnect();
    lines.stop();
    for (const [signal, listener] of Object.entries(signals)) process.off(signal, listener);
    runner.stop();
    page.newRow();
    await Promise.all([blocks.end(), options.history.settled()]);
  }
}

/** A question of a program has no line feed: it is printed when nothing has come behind it for a while. */
function createQuestion(print: (text: string) => void): (partial: string) => void {
  let partial = '';
  let timer: NodeJS.Timeout | undefined;
  return (now) => {
    if (now === partial) return;
    partial = now;
    clearTimeout(timer);
    if (now.trim() !== '') timer = setTimeout(() => print(now), QUESTION_AFTER_MS);
  };
}
