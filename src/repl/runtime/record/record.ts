import { formatDuration } from '../../state/text/format-duration.ts';
import { localPath, shownPath } from '../local-path.ts';
import type { Screen } from '../terminal/screen.ts';
import { type Recorder, RecordingError, type ScreenSize } from './recorder.ts';

export interface RecordContext {
  readonly recorder: Recorder;
  readonly screen: Screen;
  readonly size: () => ScreenSize;
  /** From where relative paths start. */
  readonly folder: string;
  /** Resolves when all that was printed so far is on the screen. */
  readonly printed: () => Promise<void>;
  /** Draws the live frame anew: a recording begins with an empty screen. */
  readonly redraw: () => void;
  /** It begins or ends. */
  readonly onChange: (isRecording: boolean) => void;
}

/**
 * `:record FILE` begins, `:record` ends, one after the other. What it says of itself stands outside of the recording.
 *
 * @returns takes the file as it was typed; undefined: none was
 */
export function createRecordCommand(context: RecordContext): (file: string | undefined) => Promise<void> {
  const { recorder, screen, size, folder, printed, redraw, onChange } = context;
  let tail = Promise.resolve();

  async function begin(path: string): Promise<void> {
    try {
      await recorder.begin(path, size, async () => {
        screen.print(`recording into ${shownPath(path)}; :record ends it`, 'dim');
        await printed();
      });
      onChange(true);
      redraw();
    } catch (error) {
      if (!(error instanceof RecordingError)) throw error;
      screen.print(`Nothing is recorded: ${error.message}`, 'error');
    }
  }

  async function end(path: string): Promise<void> {
    const lasted = await recorder.end();
    onChange(false);
    if (lasted !== undefined)
      screen.print(`recorded ${formatDuration(lasted)} into ${shownPath(path)}`, 'dim');
  }

  async function toggle(file: string | undefined): Promise<void> {
    const { path } = recorder;
    if (file === undefined && path === undefined) {
      screen.print('Nothing is being recorded: `:record FILE.cast` begins.', 'error');
    } else if (path === undefined) {
      await begin(localPath(file ?? '', folder));
    } else if (file === undefined) {
      await end(path);
    } else {
      screen.print(`Being recorded into ${shownPath(path)} already: \`:record\` ends that.`, 'error');
    }
  }

  return (file) => {
    tail = tail.then(() => toggle(file));
    return tail;
  };
}
