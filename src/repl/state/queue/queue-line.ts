import type { ReplState } from '../state.ts';
import { formatElapsed } from '../text/format-duration.ts';
import { nameOf } from './command-name.ts';
import type { Entry } from './entry.ts';

/** One row of the queue in parts, so that each place can colour and cut them its own way. */
export interface QueueLine {
  readonly mark: string;
  readonly word: 'running' | 'receiving' | 'queued' | 'sending' | 'held' | 'unsent' | 'editing';
  /** Elapsed time of what runs; empty for the rest. */
  readonly detail: string;
  /** `#4 npm ci`, on one line, not yet cut. */
  readonly text: string;
  /** Said behind it where there is room for all of it. */
  readonly note: string;
  readonly elsewhere: boolean;
  /** The keys go to the queue, and this row is the one they are for. */
  readonly selected: boolean;
}

/** Not sent, and not about to be. */
function isHeld({ hold, connection }: Pick<ReplState, 'hold' | 'connection'>): boolean {
  return hold !== undefined || connection.kind !== 'connected';
}

type Shown = Pick<ReplState, 'counts' | 'now' | 'hold' | 'connection' | 'queueFocus' | 'editing'>;

export function queueLine(entry: Entry, state: Shown): QueueLine {
  const elsewhere = entry.origin === 'elsewhere';
  const name = nameOf(state, entry);
  // The mark stands in front, where no cutting takes it away.
  const text = `${name} ${elsewhere ? '⇠ ' : ''}${entry.command}`;
  const note = elsewhere ? '(another session)' : '';
  const line = { detail: '', text, note, elsewhere, selected: entry.number === state.queueFocus };
  if (entry.number === state.editing) return { ...line, mark: '✎', word: 'editing' };
  switch (entry.phase) {
    case 'running': {
      if (entry.draining) return { ...line, mark: '◌', word: 'receiving', detail: '(Ctrl-C skips)' };
      const detail = entry.startedAt === undefined ? '' : formatElapsed(state.now - entry.startedAt);
      return { ...line, mark: '●', word: 'running', detail };
    }
    case 'queued':
      return { ...line, mark: '○', word: 'queued' };
    case 'launching':
      return { ...line, mark: '↑', word: 'sending' };
    case 'unsent':
      return isHeld(state) ? { ...line, mark: '‖', word: 'held' } : { ...line, mark: '·', word: 'unsent' };
  }
}
