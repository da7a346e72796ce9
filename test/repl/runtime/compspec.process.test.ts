// biome-ignore-all lint/suspicious/noTemplateCurlyInString: bash's
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { compspecPlaces, placeCompspec } from '../../../src/repl/editor/completion/compspec-place.ts';
import { insertCandidate } from '../../../src/repl/editor/completion/insert-completion.ts';
import { wordAtCursor } from '../../../src/repl/editor/completion/word-at-cursor.ts';
import { completionScript } from '../../../src/repl/runtime/completion/completion-script.ts';
import { readCandidates } from '../../../src/repl/runtime/completion/read-candidates.ts';
import { bashes, label } from '../../devbox/engine/shell-under-test.ts';

let root: string;
let work: string;

/** As a shell that has been idle has written it: what the user's files define, specs first. */
const STATE = `
complete -F zq_args zq
complete -W 'start stop "two words" $zq_more' -o nospace zqwords
complete -W 'keep.c drop.o keep.h' -X '*.o' -P p: zqfilter
complete -C zq_program zqprogram
complete -d -o plusdirs zqdirs
complete -o dirnames -F zq_nothing zqnothing
complete -f -X '!*.[ch]' zqc
complete -F zq_fails zqfails
complete -F zq_files zqfiles
complete -o nosort -W 'b a c' zqorder
complete -F zq_opaque zqopaque
complete -F zq_quoted zqquoted
complete -v zqvariables
complete -F zq_argv zqargv
zq_more='third'
zq_args() { COMPREPLY=("cw=$COMP_CWORD,pt=$COMP_POINT,w=\${#COMP_WORDS[@]},1=$1,2=$2,3=$3"); }
zq_program() { echo "line-$COMP_LINE" "$@"; echo second; }
zq_argv() { COMPREPLY=("$(tr '\\0' _ </proc/$$/cmdline)"); }
zq_nothing() { COMPREPLY=(); }
zq_fails() { echo noise; echo noise >&2; cat; exit 1; }
zq_files() { local IFS=$'\\n'; compopt -o filenames -o nospace; COMPREPLY=($(compgen -f -- "$2")); compopt +o nospace; }
zq_quoted() { compopt -o filenames; COMPREPLY=('"sub dir/in it'); }
zq_opaque() { COMPREPLY=('a;b' '$(touch ran)' 'x\\ y' 'plain '); }
alias zqalias='zqwords first'
\\builtin cd -- /
trap ': >trapped' EXIT DEBUG
`;

/** As bash-completion: all others are looked for when they are wanted. */
const LOADER = `
_completion_loader() {
  case $1 in
    zqloaded) complete -W "loaded-one loaded-two" zqloaded; return 124 ;;
    *) complete -F _minimal -- "$1"; return 124 ;;
  esac
}
_minimal() { COMPREPLY=(wrong); }
complete -D -F _completion_loader
`;

beforeAll(() => {
  root = mkdtempSync(path.join(os.tmpdir(), 'nsh-compspec-'));
  work = path.join(root, 'my work');
  mkdirSync(path.join(work, 'sub dir'), { recursive: true });
  for (const name of ['main.c', 'main.h', 'main.o', '.hidden', 'a b'])
    writeFileSync(path.join(work, name), '');
  writeFileSync(path.join(work, 'sub dir/in it'), '');
  writeFileSync(path.join(root, 'state'), STATE);
  writeFileSync(path.join(root, 'loader'), LOADER);
  const completions = path.join(root, 'bash-completion/completions');
  mkdirSync(completions, { recursive: true });
  writeFileSync(path.join(completions, 'zqfile'), 'echo loading; complete -W "from-file" zqfile\n');
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

describe.each(bashes.map((bash) => [label(bash), bash] as const))('%s', (_, { path: bash, major }) => {
  /** What the line becomes with each candidate; `…` where no blank follows. */
  function complete(line: string, files: readonly string[] = []): string[] {
    const word = wordAtCursor(line, line.length);
    if (word === undefined) throw new Error(`nothing to complete in ${line}`);
    const compspec = compspecPlaces(line, line.length, word);
    const { kind, base, directory, from, mode } = word;
    const query = {
      type: kind === 'argument' ? 'path' : kind,
      base,
      directory,
      executables: false,
      cwd: work,
      compspec: compspec?.query,
    } as never;
    const output = execFileSync(
      bash,
      ['-c', `${completionScript(query, path.join(root, 'state'), files)} || true`],
      {
        env: { PATH: process.env.PATH ?? '', HOME: work, LANG: 'C.UTF-8', XDG_DATA_DIRS: root, BASH: bash },
        stdio: ['ignore', 'pipe', 'ignore'],
        encoding: 'utf8',
      },
    );
    const answer = readCandidates(output);
    const path_ = { from, cursor: line.length, mode, base, ending: 'space' } as const;
    const { place, candidates } =
      compspec === undefined ? { place: path_, ...answer } : placeCompspec(answer, compspec, path_);
    return candidates.map((candidate) => {
      const { from: start, text } = insertCandidate(line, place, candidate);
      return line.slice(0, start) + text;
    });
  }

  test('a function gets the words, the line and the point of its own command', () => {
    expect(complete('zq ab')).toEqual(['zq cw=1,pt=5,w=2,1=zq,2=ab,3=zq ']);
    expect(complete('zq é a:b')).toEqual(['zq é a:cw=4,pt=8,w=5,1=zq,2=b,3=: ']);
    expect(complete('echo "$(ls; sudo zq --x=')).toEqual([
      'echo "$(ls; sudo zq --x=cw=2,pt=7,w=3,1=zq,2=,3=--x ',
    ]);
    expect(complete('X=1 /bin/zq "a b')).toEqual(['X=1 /bin/zq "cw=1,pt=12,w=2,1=/bin/zq,2=a b,3=/bin/zq" ']);
  });

  test.runIf(existsSync('/proc/self/cmdline'))(
    'a line that was not sent is no argument, which others see',
    () => {
      expect(complete('zqargv -psecret ')).toEqual([`zqargv -psecret ${bash}_--noprofile_--norc_ `]);
    },
  );

  test('word lists, filters, programs, options', () => {
    expect(complete('zqwords st')).toEqual(['zqwords start', 'zqwords stop']);
    expect(complete('zqwords t')).toEqual(['zqwords third', 'zqwords two\\ words']);
    expect(complete('zqfilter ')).toEqual(['zqfilter p:keep.c ', 'zqfilter p:keep.h ']);
    expect(complete('zqprogram a')).toEqual([
      'zqprogram line-zqprogram\\ a\\ zqprogram\\ a\\ zqprogram ',
      'zqprogram second ',
    ]);
    expect(complete('zqdirs s')).toEqual(['zqdirs sub\\ dir/']);
    expect(complete('zqnothing ')).toEqual(['zqnothing sub\\ dir/']);
    expect(complete('zqc m')).toEqual(['zqc main.c ', 'zqc main.h ']);
    expect(complete('zqvariables __nsh')).toEqual([]);
    expect(complete('zqvariables zq_mo')).toEqual(['zqvariables zq_more ']);
    expect(complete('zqalias sto')).toEqual(['zqalias stop']);
    if (major > 4) expect(complete('zqorder ')).toEqual(['zqorder b ', 'zqorder a ', 'zqorder c ']);
  });

  test('files are quoted as they are typed, and hidden ones wait for a dot', () => {
    expect(complete('zqfiles m')).toEqual(['zqfiles main.c ', 'zqfiles main.h ', 'zqfiles main.o ']);
    expect(complete('zqfiles "a')).toEqual(['zqfiles "a b" ']);
    expect(complete('zqfiles sub\\ dir/i')).toEqual(['zqfiles sub\\ dir/in\\ it ']);
    expect(complete('zqfiles ')).not.toContain('zqfiles .hidden ');
    expect(complete('zqquoted "sub dir/i')).toEqual(['zqquoted "sub dir/in it" ']);
    expect(complete('zqfiles .h')).toEqual(['zqfiles .hidden ']);
  });

  test('what would end the word or run something is quoted, what is quoted already is not', () => {
    expect(complete('zqopaque ')).toEqual([
      'zqopaque \\$\\(touch\\ ran\\) ',
      'zqopaque a\\;b ',
      'zqopaque plain ',
      'zqopaque x\\ y ',
    ]);
  });

  test('where nothing is told, paths; what a function prints, reads or exits with is nothing to the screen', () => {
    expect(complete('zqfails main.')).toEqual(['zqfails main.c ', 'zqfails main.h ', 'zqfails main.o ']);
    expect(complete('zqunknown main.c')).toEqual(['zqunknown main.c ']);
    expect(complete('zqwords >main.c')).toEqual(['zqwords >main.c ']);
    expect(complete('zqwords $HOME/main.c')).toEqual(['zqwords $HOME/main.c ']);
  });

  test('what is missing is loaded: by bash-completion, or from the file that a program has brought for it', () => {
    expect(complete('zqfile f')).toEqual(['zqfile from-file ']);
    if (major < 4) return;
    const loader = [path.join(root, 'none'), path.join(root, 'loader')];
    expect(complete('zqloaded loaded-t', loader)).toEqual(['zqloaded loaded-two ']);
    expect(complete('zqwords sto', loader)).toEqual(['zqwords stop']);
    expect(complete('zqunknown main.c', loader)).toEqual(['zqunknown main.c ']);
  });
});
