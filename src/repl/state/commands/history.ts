import { matchesTerms, readQuery } from '../../editor/history-match.ts';
import { isInScope } from '../../editor/past-command.ts';
import { ageText } from '../history/search-rows.ts';
import { print, step } from '../step.ts';
import type { ColonCommand } from './command.ts';

const MOST_SHOWN = 20;
/** Of each command, UTF-16 units. */
const MOST_OF_ONE = 1_000;

export const history: ColonCommand = {
  name: 'history',
  argument: '[TEXT]',
  help: 'the last commands of this shell, or those that hold TEXT; Ctrl-R searches further',
  brief: 'the last commands, or those that hold TEXT',
  run(state, argument) {
    const { devbox, commands, loaded } = state.past;
    const here = { devbox, shell: state.shell.name };
    const query = readQuery(argument);
    const found = commands.filter(
      (past) => isInScope(past, 'shell', here) && matchesTerms(query, past.command),
    );
    // The line that asks is the last of them.
    const shown = found.filter(({ command }) => !command.startsWith(':history')).slice(-MOST_SHOWN);
    if (shown.length === 0) {
      const none =
        loaded === 'yes' ? 'Nothing in the history of this shell' : 'Nothing in what is read so far';
      return step(state, print(argument === '' ? `${none}.` : `${none} holds ${argument}.`, 'dim'));
    }
    const lines = shown.map(({ command, at, exitStatus, elsewhere }) => {
      const mark = exitStatus === undefined ? '·' : exitStatus === 0 ? '✓' : '✗';
      const cut = command.length > MOST_OF_ONE ? `${command.slice(0, MOST_OF_ONE)}…` : command;
      const text = cut.replaceAll('\n', '\n        ');
      return `${mark} ${ageText(state.now - at).padStart(3)} ${elsewhere ? '⇠ ' : ''}${text}`;
    });
    return step(state, print(lines.join('\n')));
  },
};
