import { createTypist } from '../../repl/runtime/keys/type-keys.ts';
import { openSession } from '../../repl/runtime/session.ts';
import type { Store } from '../../repl/runtime/store.ts';
import type { ReplState } from '../../repl/state/state.ts';
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
  let over = false;
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
  let lent = false;
  /** Ctrl-C ends what `:show` prints. */
  let showing: AbortController | undefined;
  /** What the terminal has shown as it was typed is not printed again. */
  let typedLine = '';
  const isEcho = (text: string) => text === typedLine || text.endsWith(` ◂ ${typedLine}`);
  const session = await openSession(options, {
    pump,
    screen,
    colour: false,
    size: () => ({ columns: stdout.columns, rows: stdout.rows }),
    recalls: false,
    unlike: { keys: 'emacs' },
    drawn: false,
    lines: linesOfBlock((number) => number === typedNumber),
    stderrGutter: '',
    isDone: (effect) => effect.type === 'print' && isEcho(effect.text),
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
    printLines: async (text) => {
      const printing = new AbortController();
      showing = printing;
      try {
        for await (const part of text(printing.signal)) {
          screen.printSafe(part);
          await pump.idle();
        }
      } catch (error) {
        if (!printing.signal.aborted) throw error;
      } finally {
        showing = undefined;
      }
    },
    suspend: async () => false,
    record: () => screen.print('There is no screen to be recorded: start nsh without --plain.', 'error'),
    onLeave: ended.resolve,
  });
  const { store } = session;

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
      if (underWay === 0 && text !== undefined && page.isAtMargin() && !over) page.prompt(text);
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
    if (showing !== undefined) return showing.abort();
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
  screen.print(options.welcome, 'dim');
  session.begin();

  try {
    const reason = await ended.promise;
    if (reason === 'detached' || reason === 'closed') await pump.idle();
    return { reason, played: undefined, ...session.summary() };
  } finally {
    over = true;
    session.stop();
    question('');
    unsubscribe();
    lines.stop();
    for (const [signal, listener] of Object.entries(signals)) process.off(signal, listener);
    page.newRow();
    await session.kept();
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
