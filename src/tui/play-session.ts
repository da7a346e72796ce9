import { setTimeout } from 'node:timers/promises';
import type { KeyEvent } from '../repl/editor/key-event.ts';
import { createTypist } from '../repl/runtime/keys/type-keys.ts';
import type { Pace } from '../repl/runtime/play/pace.ts';
import { type PlayEnd, play } from '../repl/runtime/play/player.ts';
import type { PlayStep } from '../repl/runtime/play/script.ts';
import type { Recorder, ScreenSize } from '../repl/runtime/record/recorder.ts';
import type { Store } from '../repl/runtime/store.ts';
import type { Scrollback } from './scrollback.ts';

/** A script that is typed into the REPL in the place of a person. */
export interface PlayOptions {
  readonly steps: readonly PlayStep[];
  readonly pace: Pace;
  /** Records all of it; an absolute path. */
  readonly record: string | undefined;
  /** Hands over to the person at the keyboard in the end, instead of leaving. */
  readonly stay: boolean;
  /** Without a terminal: how large the one is that the recording shows. */
  readonly size: ScreenSize | undefined;
}

export interface PlayParts {
  readonly store: Store;
  readonly scrollback: Scrollback;
  readonly recorder: Recorder;
}

export interface PlaySession {
  /** Of the person at the keyboard: only Ctrl-C means something while it is played. */
  readonly onKey: (key: KeyEvent) => void;
  readonly ended: Promise<PlayEnd>;
}

/** Two frames of a screen that is drawn 60 times a second, and then some, ms. */
const FRAME_MS = 50;

/** Begins to play. The recording ends with it, before the frame is taken off the screen. */
export function playSession({ steps, pace, stay, record }: PlayOptions, parts: PlayParts): PlaySession {
  const { store, scrollback, recorder } = parts;
  const stop = new AbortController();
  const { pump, screen } = scrollback;
  const cutShort = (end: PlayEnd, notRecorded: boolean): PlayEnd =>
    record === undefined || !notRecorded || end.kind === 'stopped'
      ? end
      : { kind: 'stopped', line: steps.at(-1)?.line ?? 1, reason: 'not all of it could be recorded' };
  const playAll = async () => {
    const played = await play(steps, {
      store,
      type: createTypist(store),
      comment: (text) => screen.print(text, 'dim'),
      printed: pump.idle,
      pace,
      signal: stop.signal,
    });
    // What the last frame says is drawn up to a frame later.
    await setTimeout(FRAME_MS);
    const end = cutShort(played, (await recorder.end(0)) === undefined);
    if (stay && end.kind === 'stopped') {
      const why = end.reason === undefined ? '' : `: ${end.reason}`;
      screen.print(`stopped at line ${end.line} of the script${why}`, 'error');
    }
    return end;
  };
  return {
    onKey(key) {
      if (key.type === 'key' && key.ctrl && key.name === 'c') stop.abort();
    },
    ended: playAll(),
  };
}
