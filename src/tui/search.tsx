import { Text } from 'ink';
import { matchedRanges } from '../repl/editor/history-match.ts';
import type { PastCommand } from '../repl/editor/past-command.ts';
import { fitRanges } from '../repl/output/fit-ranges.ts';
import { fitText } from '../repl/output/fit-text.ts';
import { inkColour } from '../repl/output/palette.ts';
import { sanitiseText } from '../repl/output/sanitise-text.ts';
import { ageText, type SearchRows } from '../repl/state/history/search-rows.ts';
import { rowWidth } from './row-width.ts';

/** Of a command no more than this is shown or looked through for what to highlight, UTF-16 units. */
const MOST_SHOWN = 1_000;
const PLACE_CELLS = 16;

export interface SearchProps {
  readonly rows: SearchRows;
  readonly columns: number;
  /** Unix time, ms. */
  readonly now: number;
}

/** The matches of the history search: how each ended, how long ago, and what it was. */
export function Search({ rows, columns, now }: SearchProps) {
  const width = rowWidth(columns);
  return (
    <>
      {rows.hint !== undefined && <Text color={inkColour('muted')}>{fitText(rows.hint, width)}</Text>}
      {rows.message !== undefined && <Text color={inkColour('muted')}>{rows.message}</Text>}
      {rows.matches.map(({ past, selected }) => (
        <Match key={past.command} past={past} selected={selected} rows={rows} width={width} now={now} />
      ))}
    </>
  );
}

interface MatchProps {
  readonly past: PastCommand;
  readonly selected: boolean;
  readonly rows: SearchRows;
  readonly width: number;
  readonly now: number;
}

function Match({ past, selected, rows, width, now }: MatchProps) {
  const { exitStatus, elsewhere } = past;
  const mark = exitStatus === undefined ? '·' : exitStatus === 0 ? '✓' : '✗';
  const place = placeText(past, rows);
  const from = `${place === '' ? '' : `${place}: `}${elsewhere ? '⇠ ' : ''}`;
  const age = ageText(now - past.at).padStart(3);
  const left = width - `› ${mark} ${age} ${from}`.length;
  const text = sanitiseText(past.command.slice(0, MOST_SHOWN));
  const pieces = fitRanges(text, matchedRanges(rows.query, text), Math.max(1, left));
  return (
    <Text>
      {selected ? '› ' : '  '}
      {exitStatus === undefined ? (
        <Text color={inkColour('muted')}>{mark}</Text>
      ) : (
        <Text color={inkColour(exitStatus === 0 ? 'success' : 'failure')}>{mark}</Text>
      )}
      <Text color={inkColour('muted')}>{` ${age} ${from}`}</Text>
      {pieces.map((piece, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the pieces of a row have no other name
        <Text key={index} bold={piece.marked || selected} underline={piece.marked}>
          {piece.text}
        </Text>
      ))}
    </Text>
  );
}

function placeText({ devbox, shell }: PastCommand, { scope }: SearchRows): string {
  if (scope === 'shell') return '';
  return fitText(sanitiseText(scope === 'devbox' ? shell : `${devbox}/${shell}`), PLACE_CELLS);
}
