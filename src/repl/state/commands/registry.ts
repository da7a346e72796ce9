import type { ReplState } from '../state.ts';
import { print, type Step, step } from '../step.ts';
import { nearest } from '../text/nearest.ts';
import { cancel } from './cancel.ts';
import { close, closeAnyway } from './close.ts';
import type { ColonCommand } from './command.ts';
import { copy } from './copy.ts';
import { edit } from './edit.ts';
import { exportTranscript } from './export.ts';
import { grep } from './grep.ts';
import { help } from './help.ts';
import { history } from './history.ts';
import { kill } from './kill.ts';
import { newShell } from './new.ts';
import { queue } from './queue.ts';
import { quit } from './quit.ts';
import { record } from './record.ts';
import { rerun } from './rerun.ts';
import { restartServer } from './restart-server.ts';
import { restore } from './restore.ts';
import { set } from './set.ts';
import { shells } from './shells.ts';
import { show } from './show.ts';
import { status } from './status.ts';
import { stdin } from './stdin.ts';
import { switchShell } from './switch.ts';

/** In the order of help. */
export const colonCommands: readonly ColonCommand[] = [
  help,
  queue,
  cancel,
  edit,
  kill,
  stdin,
  show,
  copy,
  grep,
  rerun,
  history,
  shells,
  switchShell,
  newShell,
  close,
  closeAnyway,
  restore,
  record,
  exportTranscript,
  status,
  set,
  restartServer,
  quit,
];

/** @param line what was typed, starting with `:` */
export function runColonCommand(state: ReplState, line: string): Step {
  const [, word = '', argument = ''] = /^:(\S*)\s*(.*)$/s.exec(line.trim()) ?? [];
  const command = colonCommands.find(({ name, aliases }) => name === word || aliases?.includes(word));
  if (command !== undefined) return command.run(state, argument, colonCommands);
  const guess = nearest(
    word,
    colonCommands.flatMap(({ name, aliases }) => [name, ...(aliases ?? [])]),
  );
  const hint = guess === undefined ? '' : ` Did you mean :${guess}?`;
  return step(
    state,
    print(
      `There is no command :${word}.${hint} :help lists them; a leading space sends the line to the shell.`,
      'error',
    ),
  );
}
