import { joinLines } from '../../editor/join-lines.ts';
import type { KeyEvent } from '../../editor/key-event.ts';
import { shellCheck } from '../../editor/unfinished.ts';
import { isColonCommand } from '../../state/commands/colon-line.ts';
import { enteredText } from '../../state/history/search.ts';
import { meaningOf } from '../../state/keys/key-lookup.ts';
import type { Action } from '../../state/keys/keymap.ts';
import { sendsEach } from '../../state/keys/on-key.ts';
import type { Store } from '../store.ts';

/**
 * Hands keys to the store one after the other. Enter needs to know whether the text is unfinished, which takes a
 * parser that loads once; keys behind it wait, so that nothing typed is ever reordered.
 *
 * @returns hands a key over; the promise resolves when it, and what came behind it meanwhile, is
 */
export function createTypist(store: Store): (key: KeyEvent) => Promise<void> {
  const waiting: KeyEvent[] = [];
  let typing = false;
  let typed = Promise.resolve();
  let problemTold = false;
  const breath = createBreath();

  const isUnfinished = async (text: string) => {
    if (isColonCommand(text)) return false;
    const { kind } = await shellCheck.examine(text);
    const { problem } = shellCheck;
    if (problem !== undefined && !problemTold) {
      problemTold = true;
      store.dispatch({ type: 'failed', what: 'Telling unfinished lines', message: problem });
    }
    return kind === 'unfinished';
  };

  const enterEach = async (text: string) => {
    for await (const command of joinLines(text.split('\n'))) {
      store.dispatch({ type: 'line', text: command, now: Date.now() });
      await breath.take();
    }
  };

  const type = async () => {
    typing = true;
    for (let key = waiting.shift(); key !== undefined; key = waiting.shift()) {
      const lent = untilTerminalIsOurs(store);
      if (lent !== undefined) await lent;
      const state = store.state();
      // What a command reads has its own idea of what is unfinished.
      const mayBeUnfinished = state.inputTo === undefined && submits(key, state.keyPrefix);
      const unfinished = mayBeUnfinished && (await isUnfinished(enteredText(state)));
      const each =
        sendsEach(state) && does(key, state.keyPrefix, 'submit-each') ? enteredText(state) : undefined;
      store.dispatch({ type: 'key', key, unfinished, more: waiting.length > 0, now: Date.now() });
      if (each !== undefined) await enterEach(each);
      await breath.take();
    }
    typing = false;
  };

  // Loaded while the user looks at the first prompt, so that the first Enter does not wait.
  shellCheck.warmUp();
  return (key) => {
    waiting.push(key);
    if (!typing) typed = type();
    return typed;
  };
}

/** What was typed ahead of the user's own editor belongs behind what comes of it. */
function untilTerminalIsOurs(store: Store): Promise<void> | undefined {
  if (!store.state().terminalLent) return undefined;
  return new Promise((resolve) => {
    const stop = store.subscribe(() => {
      if (store.state().terminalLent) return;
      stop();
      resolve();
    });
  });
}

function submits(key: KeyEvent, prefix: string | undefined): boolean {
  return does(key, prefix, 'submit');
}

function does(key: KeyEvent, prefix: string | undefined, action: Action): boolean {
  return key.type === 'key' && meaningOf(key, prefix)?.do === action;
}

/** Of thousands of lines, ms at a time: the screen and what the devbox tells get their turn in between. */
const TURN_MS = 30;

function createBreath(): { readonly take: () => Promise<void> | undefined } {
  let began = performance.now();
  return {
    take() {
      if (performance.now() - began < TURN_MS) return undefined;
      return new Promise((resolve) =>
        setImmediate(() => {
          began = performance.now();
          resolve();
        }),
      );
    },
  };
}
