import type { KeyEvent } from '../../../src/repl/editor/key-event.ts';
import { createKeyParser } from '../../../src/repl/runtime/keys/read-keys-parser.ts';

export const encode = (text: string) => new TextEncoder().encode(text);

/** `ctrl+alt+shift+name` for keys, what it types in quotes for others. */
export function short(event: KeyEvent): string {
  switch (event.type) {
    case 'key': {
      const held = [event.ctrl && 'ctrl+', event.alt && 'alt+', event.shift && 'shift+']
        .filter(Boolean)
        .join('');
      const types =
        event.text === undefined || event.text === event.name ? '' : ` ${JSON.stringify(event.text)}`;
      return `${held}${event.name}${types}`;
    }
    case 'text':
      return JSON.stringify(event.text);
    case 'paste':
      return `paste ${JSON.stringify(event.text)}`;
    case 'focus':
      return event.focused ? 'focus in' : 'focus out';
    case 'reply':
      return 'reply';
  }
}

/** Fed as one read each, then flushed once. */
export function keys(...reads: (string | Uint8Array)[]): string[] {
  const parser = createKeyParser();
  const events = reads.flatMap((read) => parser.feed(typeof read === 'string' ? encode(read) : read));
  return [...events, ...parser.flush()].map(short);
}
