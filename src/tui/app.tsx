import { Box, useApp } from 'ink';
import { useEffect, useMemo, useSyncExternalStore } from 'react';
import type { Store } from '../repl/runtime/store.ts';
import { frame } from '../repl/state/frame.ts';
import { CompletionMenu } from './completion-menu.tsx';
import { Notice } from './notice.tsx';
import { paced } from './paced.ts';
import { Partial } from './partial.tsx';
import { Prompt } from './prompt.tsx';
import { Queue } from './queue.tsx';
import { Search } from './search.tsx';
import { StatusLine } from './status-line.tsx';

export interface AppProps {
  readonly store: Store;
  readonly colour: boolean;
  /** Takes what only a mounted component gets. */
  readonly onMounted: (screen: InkScreen) => void;
}

export interface InkScreen {
  /** Takes the frame off the screen and draws nothing until `body` has settled. */
  readonly suspendTerminal: (body: () => Promise<void>) => Promise<void>;
}

/** The live frame: everything that is not scrollback. Output never passes through React. */
export function App({ store, colour, onMounted }: AppProps) {
  const subscribe = useMemo(() => paced(store.subscribe), [store]);
  const state = useSyncExternalStore(subscribe, store.state);
  const { suspendTerminal } = useApp();
  useEffect(() => onMounted({ suspendTerminal }), [onMounted, suspendTerminal]);

  if (state.leaving) return null;
  const shown = frame(state);
  return (
    <Box flexDirection="column">
      {shown.showPartial && <Partial text={state.partial} columns={state.columns} />}
      <Queue
        lines={shown.queue}
        above={shown.above}
        more={shown.more}
        moreHere={shown.moreHere}
        columns={state.columns}
      />
      {state.notice !== undefined && <Notice text={state.notice} columns={state.columns} />}
      {shown.search !== undefined && <Search rows={shown.search} columns={state.columns} now={state.now} />}
      {shown.menu !== undefined && <CompletionMenu rows={shown.menu} />}
      <Prompt state={state} rows={shown.editorRows} rowsAbove={rowsAbove(state, shown)} colour={colour} />
      {shown.showStatus && <StatusLine state={state} />}
    </Box>
  );
}

/** How many rows of the frame stand above the prompt: the real cursor is placed by it. */
function rowsAbove(state: { notice: string | undefined }, shown: ReturnType<typeof frame>): number {
  const partial = shown.showPartial ? 1 : 0;
  const more = (shown.more > 0 ? 1 : 0) + (shown.above > 0 ? 1 : 0);
  const { search } = shown;
  const searchRows =
    search === undefined ? 0 : search.matches.length + (search.hint ? 1 : 0) + (search.message ? 1 : 0);
  const menuRows = shown.menu?.rows.length ?? 0;
  return searchRows + menuRows + partial + shown.queue.length + more + (state.notice === undefined ? 0 : 1);
}
