import { emptyEditor } from '../../../src/repl/editor/editor.ts';
import type { KeyEvent } from '../../../src/repl/editor/key-event.ts';
import type { Effect } from '../../../src/repl/state/effect.ts';
import type { ReplEvent } from '../../../src/repl/state/event.ts';
import { defaultSettings } from '../../../src/repl/state/settings.ts';
import { initialState, type ReplState } from '../../../src/repl/state/state.ts';
import { update } from '../../../src/repl/state/update.ts';

/** A session as a table of events: what came of them, and all that was asked for on the way. */
export interface Played {
  state: ReplState;
  effects: Effect[];
  /** The effects of the last event alone. */
  last: Effect[];
}

export const NOW = 1_000_000;

export function start(changes: Partial<ReplState> = {}): Played {
  const state = initialState({
    shellName: 'main',
    devbox: 'local',
    cwd: '/home/user',
    lastNumber: undefined,
    devboxId: 'local',
    past: [],
    settings: defaultSettings,
    settingsPath: '/home/user/.config/named-shell/settings.conf',
    columns: 80,
    rows: 24,
    now: NOW,
    plain: false,
  });
  const past = { ...state.past, loaded: 'yes' } as const;
  return { state: { ...state, editor: emptyEditor, past, ...changes }, effects: [], last: [] };
}

export function play(from: Played, ...events: readonly ReplEvent[]): Played {
  return events.reduce<Played>((before, event) => {
    const { state, effects } = update(before.state, event);
    return { state, effects: [...before.effects, ...effects], last: [...effects] };
  }, from);
}

/** `press('ctrl+c')`, `press('enter')`. */
export function press(name: string, now = NOW): ReplEvent {
  const parts = name.split('+');
  const key: KeyEvent = {
    type: 'key',
    name: parts.at(-1) ?? '',
    ctrl: parts.includes('ctrl'),
    alt: parts.includes('alt'),
    shift: parts.includes('shift'),
  };
  return { type: 'key', key, now };
}

export function type(text: string): ReplEvent {
  return { type: 'key', key: { type: 'text', text }, now: NOW };
}

/** A line typed and sent. */
export function line(text: string): ReplEvent[] {
  return [type(text), press('enter')];
}

export function launched(number: number, status: 'queued' | 'running' = 'running'): ReplEvent {
  return { type: 'launched', number, executionId: `e${number}`, status, now: NOW };
}

export function ended(number: number, exitStatus = 0): ReplEvent {
  return {
    type: 'settled',
    number,
    now: NOW,
    report: {
      kind: 'completed',
      exitStatus,
      reason: 'exited',
      message: undefined,
      cwd: '/tmp',
      durationMs: 300,
      freshShell: false,
    },
  };
}

/** The devbox tells that it has accepted a command of a shell. @param own the number of the line here, if it is one */
export function accepted(shellNumber: number, command: string, own?: number): ReplEvent {
  const news = { kind: 'queued', executionId: `e${shellNumber}`, command, shellNumber, own } as const;
  return { type: 'shell-news', news, now: NOW };
}

export function began(shellNumber: number): ReplEvent {
  return { type: 'shell-news', news: { kind: 'started', executionId: `e${shellNumber}` }, now: NOW };
}

/** The answer to the launch of a line here. */
export function answered(number: number, shellNumber: number): ReplEvent {
  return {
    type: 'launched',
    number,
    executionId: `e${shellNumber}`,
    shellNumber,
    status: 'queued',
    now: NOW,
  };
}
