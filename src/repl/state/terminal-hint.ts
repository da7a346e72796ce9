import { highlight } from '../editor/highlight/highlight.ts';
import type { ReplState } from './state.ts';
import { print, type Step, step } from './step.ts';

interface Program {
  readonly names: string;
  /** Of its arguments: such a use needs what the hint is about. */
  readonly when?: RegExp;
  /** Such a use does not. */
  readonly unless?: RegExp;
  /** It is about stdin: a line that has one is none of its business. */
  readonly aboutStdin?: true;
  /** What to do. `%` is the program's name. */
  readonly hint: string;
}

const NO_SCREEN = '% needs a terminal, and a named shell has none:';
/** Only a use without arguments, or with `-i` alone, reads what is typed. */
const BARE = /^\s*(-i)?\s*$/;

/** What takes a terminal for granted, and what does the same without. The first that fits counts. */
const programs: readonly Program[] = [
  {
    names: 'vim vi nvim view vimdiff emacs nano pico joe micro hx helix',
    unless: /\s-(-headless|-?batch|[eE]s|Es|es)\b|--(version|help)/,
    hint: `${NO_SCREEN} change the file with sed -i, or write it with cat >FILE <<'EOF'. Ctrl-\\ ends one that hangs.`,
  },
  {
    names: 'top',
    unless: /\s-\w*b/,
    hint: `${NO_SCREEN} \`top -bn1 | head -20\` prints it once.`,
  },
  {
    names: 'htop btop atop iotop nmon',
    hint: `${NO_SCREEN} \`top -bn1 | head -20\` prints what runs.`,
  },
  { names: 'watch', hint: `${NO_SCREEN} \`while sleep 2; do …; done\`, and Ctrl-C to end it.` },
  {
    names: 'tmux screen',
    unless: /\s(-d\w*|-ls|ls|kill-\S+|send-\S+|has-\S+|-V)\b/,
    hint: `${NO_SCREEN} a named shell lives on by itself; \`:new\` makes another beside it.`,
  },
  {
    names: 'mc ncdu tig lazygit k9s dialog whiptail ranger nnn',
    hint: `${NO_SCREEN} Ctrl-C ends it if it hangs.`,
  },
  { names: 'fzf', unless: /\s(-f|--filter)\b/, hint: `${NO_SCREEN} \`fzf -f TEXT\` filters without one.` },
  {
    names: 'less more most',
    hint: '% prints all of it here, as cat does: scroll in your own terminal.',
  },
  {
    names: 'ssh',
    when: /(^|\s)-\w*t|^(\s+-[46AaCfGgKkMNnqsTtVvXxYy]+|\s+-[BbcDEeFIiJLlmOopQRSWw]\s*\S+)*\s+[^-\s]\S*\s*$/,
    unless: /\s-\w*[NfGV]/,
    hint: 'ssh gets no terminal here: `ssh HOST COMMAND` runs one command. It can ask for no password: use a key.',
  },
  {
    names: 'docker podman kubectl',
    when: /\s(-it|-ti|-t|--tty)\b/,
    hint: '% gets no terminal here: leave -t out, and type to it with `:stdin % … -i …`.',
  },
  {
    names: 'sudo',
    unless: /^\s+(-\w*[nSA]|--(non-interactive|stdin|askpass))\b/,
    hint: 'sudo can ask for no password here. When it wants one: `:stdin sudo -S …` reads it from what you type, which is shown.',
  },
  { names: 'su passwd', hint: '% asks for its password on a terminal, and a named shell has none.' },
  {
    names: 'git',
    when: /^\s+(commit(?!.*\s(-\w*[mFC]|--(message|file|no-edit|reuse-message|fixup)))|rebase\s.*(-i|--interactive))\b/,
    hint: 'git opens no editor here: give it the text, as in `git commit -m TEXT`.',
  },
  {
    names: 'python python3 ipython node irb ghci R gdb sqlite3 psql mysql bc bash sh zsh',
    when: BARE,
    aboutStdin: true,
    hint: '% reads what is typed only with stdin: `:stdin %`, or Ctrl-T before Enter.',
  },
];

/** Where a command ends, roughly: a hint may miss, it must not cost. */
const COMMAND_END = /[;&|\n)]/;

/** What to do instead, for each program of a line that takes a terminal for granted. */
export function terminalHints(line: string, hasStdin: boolean): readonly string[] {
  return highlight(line).flatMap(({ start, end, kind }) => {
    if (kind !== 'command') return [];
    const name = line.slice(start, end).replace(/^.*\//s, '');
    const rest = line.slice(end);
    const length = rest.search(COMMAND_END);
    const given = length < 0 ? rest : rest.slice(0, length);
    const fed = hasStdin || given.includes('<') || /\|\s*$/.test(line.slice(0, start));
    const program = programs.find(
      ({ names, when, unless, aboutStdin }) =>
        names.split(' ').includes(name) &&
        (when === undefined || when.test(given)) &&
        (unless === undefined || !unless.test(given)) &&
        !(aboutStdin && fed),
    );
    return program === undefined ? [] : [program.hint.replaceAll('%', name)];
  });
}

/** Each is told once: the second time it is no mystery. */
export function hintAtTerminal(state: ReplState, line: string, hasStdin: boolean): Step {
  const fresh = [...new Set(terminalHints(line, hasStdin))].filter((hint) => !state.hinted.includes(hint));
  if (fresh.length === 0) return step(state);
  return step({ ...state, hinted: [...state.hinted, ...fresh] }, ...fresh.map((hint) => print(hint, 'dim')));
}
