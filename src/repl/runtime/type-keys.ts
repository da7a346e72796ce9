import type { KeyEvent } from '../editor/key-event.ts';
import { isUnfinished } from '../editor/unfinished.ts';
import { commandOf } from '../state/keymap.ts';
import type { Store } from './store.ts';

/**
 * Hands keys to the store one after the other. Enter needs to know whether the text is unfinished, which takes a
 * parser that loads once; keys behind it wait, so that nothing typed is ever reordered.
 */
export function createTypist(store: Store): (key: KeyEvent) => void {
  const waiting: KeyEvent[] = [];
  let typing = false;

  const type = async () => {
    typing = true;
    for (let key = waiting.shift(); key !== undefined; key = waiting.shift()) {
      const unfinished = asksWhetherFinished(key) && (await isUnfinished(store.state().editor.buffer.text));
      store.dispatch({ type: 'key', key, unfinished, now: Date.now() });
    }
    typing = false;
  };

  return (key) => {
    waiting.push(key);
    if (!typing) void type();
  };
}

function asksWhetherFinished(key: KeyEvent): boolean {
  return key.type === 'key' && commandOf(key)?.do === 'submit';
}
