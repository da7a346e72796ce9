import type { Readable } from 'node:stream';
import type { KeyEvent } from '../../editor/key-event.ts';
import { createKeyParser } from './read-keys-parser.ts';

/**
 * Reads keys from a terminal. Raw mode and the modes for pastes and focus are the caller's, before and after.
 *
 * @param stdin must have no encoding set: the parser needs the bytes.
 * @returns detach() stops reading, so that another program can have the terminal. Keys not given yet are dropped.
 */
export function attachKeys(stdin: Readable, onKey: (event: KeyEvent) => void): { detach(): void } {
  const parser = createKeyParser();
  let attached = true;
  let timer: NodeJS.Timeout | undefined;
  let check: NodeJS.Immediate | undefined;

  function cancel(): void {
    clearTimeout(timer);
    clearImmediate(check);
  }

  function give(events: readonly KeyEvent[]): void {
    for (const event of events) {
      if (attached) onKey(event);
    }
    const { patience } = parser;
    if (attached && patience !== undefined) timer = setTimeout(afterPatience, patience);
  }

  /**
   * When the process was busy for longer than that, the rest of a sequence may wait to be read. One turn of the event
   * loop reads it, and onData then cancels the check, before an arrow key is taken for Escape and `[A`.
   */
  function afterPatience(): void {
    check = setImmediate(flush);
  }

  function flush(): void {
    give(parser.flush());
  }

  function onData(bytes: Uint8Array): void {
    cancel();
    give(parser.feed(bytes));
  }

  stdin.on('data', onData);
  stdin.on('end', flush);
  // Paused by an earlier detach, or by whoever asked a question at the terminal before.
  stdin.resume();
  return {
    detach() {
      attached = false;
      cancel();
      stdin.off('data', onData);
      stdin.off('end', flush);
      stdin.pause();
    },
  };
}
