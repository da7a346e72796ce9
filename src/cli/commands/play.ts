import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { localPath, shownPath } from '../../repl/runtime/local-path.ts';
import { AT_ONCE, humanPace } from '../../repl/runtime/play/pace.ts';
import { PlayScriptError, type PlayStep, parsePlayScript } from '../../repl/runtime/play/script.ts';
import { RecordingError } from '../../repl/runtime/record/recorder.ts';
import type { DevboxChoice } from '../arguments.ts';
import { CliError } from '../cli-error.ts';
import { type Configuration, startFolder } from '../configuration.ts';
import { EXIT } from '../exit-status.ts';
import { tell } from '../standard-streams.ts';
import { attachShell } from './attach-shell.ts';

export interface PlayChoice {
  readonly file: string;
  readonly name: string;
  readonly fast: boolean;
  readonly stay: boolean;
  readonly record: string | undefined;
  /** Without a terminal. */
  readonly size: { readonly columns: number; readonly rows: number } | undefined;
}

/** More is no script but a mistake, bytes. */
const MOST_BYTES = 1024 * 1024;

/**
 * `nsh play FILE`: types a script into the REPL as a person would, in a shell of its own that is closed in the end, if it
 * was made for this.
 *
 * @param entry path of this program
 */
export async function play(
  configuration: Configuration,
  entry: string,
  choice: PlayChoice,
  devboxChoice: DevboxChoice,
): Promise<number> {
  const { file, name, fast, stay, size } = choice;
  const isAtTerminal = process.stdin.isTTY && process.stdout.isTTY && process.env.TERM !== 'dumb';
  if (size === undefined && !isAtTerminal) {
    throw new CliError(
      EXIT.usage,
      '`nsh play` needs a terminal with a screen. `--size 80x24 --record FILE.cast` records without one.',
    );
  }
  const folder = startFolder(process.env) ?? homedir();
  const script = await readScript(file, localPath(file, folder));
  const steps = parse(file, script);
  const record = choice.record === undefined ? undefined : localPath(choice.record, folder);
  const pace = fast ? AT_ONCE : humanPace(script);
  const options = { steps, pace, record, stay, size };
  const status = await attachShell(configuration, entry, { name }, devboxChoice, false, options).catch(
    (error) => {
      if (!(error instanceof RecordingError)) throw error;
      throw new CliError(EXIT.refused, `nothing was played: ${error.message}`, { cause: error });
    },
  );
  if (status === EXIT.ok && record !== undefined) await tell(`recorded into ${shownPath(record)}`);
  return status;
}

async function readScript(file: string, path: string): Promise<string> {
  try {
    const bytes = await readFile(path);
    if (bytes.length > MOST_BYTES) throw new Error(`${bytes.length} bytes are too much for a script`);
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (error) {
    throw new CliError(
      EXIT.notFound,
      `the script ${JSON.stringify(file)} cannot be read: ${(error as Error).message}.`,
      { cause: error },
    );
  }
}

function parse(file: string, script: string): PlayStep[] {
  try {
    return parsePlayScript(script);
  } catch (error) {
    if (!(error instanceof PlayScriptError)) throw error;
    throw new CliError(EXIT.refused, `${file}, ${error.message}`, { cause: error });
  }
}
