import type { Entry } from './entry.ts';
import { formatElapsed } from './format-duration.ts';
import type { ReplState } from './state.ts';

/** One row of the queue in parts, so that each place can colour and cut them its own way. */
export interface QueueLine {
  readonly mark: string;
  readonly word: 'running' | 'receiving' | 'queued' | 'sending' | 'held' | 'unsent';
  /** Elapsed time of what runs; empty for the rest. */
  readonly detail: string;
  /** `#4 npm ci`, on one line, not yet cut. */
  readonly text: string;
  readonly elsewhere: boolean;
}

/** Not sent, and not about to be. */
function isHeld({ hold, connection }: Pick<ReplState, 'hold' | 'connection'>): boolean {
  return hold !== undefined || connection.kind !== 'connected';
}

export function queueLine(entry: Entry, state: Pick<ReplState, 'now' | 'hold' | 'connection'>): QueueLine {
  const elsewhere = entry.origin === 'elsewhere';
  const text = `#${entry.number} ${entry.command}${elsewhere ? '  (another session)' : ''}`;
  const line = { detail: '', text, elsewhere };
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
      return { ...line, mark: '·', word: isHeld(state) ? 'held' : 'unsent' };
  }
}
