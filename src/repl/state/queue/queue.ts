import { colorCommand } from '../color.ts';
import type { ReplState } from '../state.ts';
import { andThen, print, type Step, step } from '../step.ts';
import { nameOf } from './command-name.ts';
import { find, remove } from './entries.ts';
import type { Entry } from './entry.ts';
import { launchNext } from './launch.ts';

interface NewLine {
  /** How the history keeps it; without it its end is not told there. */
  readonly remembered?: Entry['remembered'];
  readonly stdin?: boolean;
  readonly replaces?: number;
}

/** Appends a line and sends it as soon as it is its turn. */
export function enqueue(state: ReplState, command: string, options: NewLine = {}): Step {
  if (state.bashEnded) return andThen(prepareShell(state), (at) => enqueue(at, command, options));
  const { remembered, stdin, replaces } = options;
  const entry: Entry = {
    number: state.nextNumber,
    command,
    origin: 'here',
    phase: 'unsent',
    ...(remembered === undefined ? {} : { remembered }),
    ...(stdin ? { stdin: 'open' } : {}),
    ...(replaces === undefined ? {} : { replaces }),
    followed: false,
    opened: false,
  };
  return launchNext({ ...state, nextNumber: state.nextNumber + 1, entries: [...state.entries, entry] });
}

/** What a new bash gets from the settings, as a command that is seen. One that was there is left as it is. */
export function prepareShell(state: ReplState): Step {
  const fresh = { ...state, bashEnded: false };
  return fresh.settings.color === 'on' ? enqueue(fresh, colorCommand('on')) : step(fresh);
}

/** Drops what only this side holds; asks the devbox to drop what waits there. */
export function cancel(state: ReplState, entry: Entry): Step {
  const { number, phase, command, executionId = '' } = entry;
  const name = nameOf(state, entry);
  switch (phase) {
    case 'unsent':
      return andThen(
        releaseIfNothingHeld(
          remove(state, number),
          print(`⊘ ${name} dropped before it was sent: ${command}`, 'dim'),
        ),
        launchNext,
      );
    case 'launching':
      return step(state, print(`${name} is on its way to the devbox; cancel it in a moment.`, 'error'));
    case 'running':
      return notCancelled(state, number);
    case 'queued':
      return step(state, { type: 'cancel', number, name, executionId });
  }
}

/** It has begun meanwhile; of one that has ended by now its block tells. */
export function notCancelled(state: ReplState, number: number): Step {
  const entry = find(state, number);
  if (entry === undefined) return step(state);
  const told = `${nameOf(state, entry)} has begun: Ctrl-C interrupts it, :kill ends it.`;
  return step(state, print(told, 'error'));
}

function releaseIfNothingHeld(state: ReplState, ...effects: Step['effects']): Step {
  const held = state.entries.some(({ phase }) => phase === 'unsent');
  return step(held ? state : { ...state, hold: undefined }, ...effects);
}

export function running(state: ReplState): Entry | undefined {
  return state.entries.find(({ phase, draining }) => phase === 'running' && draining !== true);
}
