import { Text } from 'ink';
import { fitText } from '../repl/output/fit-text.ts';
import { inkColour } from '../repl/output/palette.ts';
import { sanitiseText } from '../repl/output/sanitise-text.ts';
import { completionStatus } from '../repl/state/completion/completion-rows.ts';
import { searchStatus } from '../repl/state/history/search-rows.ts';
import { editStatus } from '../repl/state/queue/edit-queued.ts';
import { holdStatus } from '../repl/state/queue/hold.ts';
import { queueStatus } from '../repl/state/queue/queue-focus.ts';
import type { ReplState } from '../repl/state/state.ts';
import { connectionText, placeText } from '../repl/state/status-line.ts';
import { stdinStatus } from '../repl/state/stdin-mode.ts';
import { rowWidth } from './row-width.ts';

/** Shell, devbox, cwd, connection. When it is too narrow the connection stays whole and the cwd gives way. */
export function StatusLine({ state }: { readonly state: ReplState }) {
  const width = rowWidth(state.columns);
  if (state.search !== undefined)
    return <Text color={inkColour('muted')}>{fitText(sanitiseText(searchStatus(state)), width)}</Text>;
  const completing = completionStatus(state);
  if (completing !== undefined)
    return <Text color={inkColour('muted')}>{fitText(sanitiseText(completing), width)}</Text>;
  const queueing = queueStatus(state) ?? editStatus(state);
  if (queueing !== undefined) return <Text color={inkColour('active')}>{fitText(queueing, width)}</Text>;
  const connected = state.connection.kind === 'connected' && state.devboxTrouble === undefined;
  const stdin = connected ? stdinStatus(state) : undefined;
  const held = connected ? holdStatus(state) : undefined;
  if (held !== undefined)
    return <Text color={inkColour('warning')}>{fitText(sanitiseText(held), width)}</Text>;
  if (stdin !== undefined) return <Text color={inkColour('active')}>{fitText(stdin, width)}</Text>;
  const connection = fitText(sanitiseText(connectionText(state)), width);
  const cells = Math.max(0, width - connection.length - 3);
  const left = placeText(state, cells, (text, most) => fitText(sanitiseText(text), most));
  return (
    <Text>
      <Text color={inkColour('muted')}>{left === '' ? '' : `${left} · `}</Text>
      {connection === 'connected' ? (
        <Text color={inkColour('muted')}>{connection}</Text>
      ) : (
        <Text color={inkColour('warning')}>{connection}</Text>
      )}
    </Text>
  );
}
