// biome-ignore-all lint/suspicious/noTemplateCurlyInString: bash's
import { expect, test } from 'vitest';
import type { Candidate } from '../../../src/repl/editor/completion/candidate.ts';
import { completionStatus } from '../../../src/repl/state/completion/completion-rows.ts';
import type { ReplEvent } from '../../../src/repl/state/event.ts';
import { frame } from '../../../src/repl/state/frame.ts';
import { launched, line, type Played, play, press, start, type } from './play.ts';

const files = (...names: string[]): Candidate[] =>
  names.map((name) =>
    name.endsWith('/') ? { name: name.slice(0, -1), kind: 'directory' } : { name, kind: 'file' },
  );
const answered = (candidates: readonly Candidate[], request = 1, more = false): ReplEvent => ({
  type: 'completed',
  request,
  answer: { candidates, more },
});
const text = ({ state }: Played) => state.editor.buffer.text;
const tab = press('tab');

test('Tab asks beside the shell: from its directory, and for programs where a command is expected', () => {
  const asked = (typed: string) => play(start(), type(typed), tab).last;
  expect(asked('cat "my d')).toEqual([
    {
      type: 'complete',
      request: 1,
      query: {
        type: 'path',
        base: 'my d',
        directory: [],
        executables: false,
        cwd: '/home/user',
        mayAskShell: false,
        compspec: {
          name: 'cat',
          line: 'cat "my d',
          words: ['cat', '"my d'],
          current: 'my d',
          directory: '',
          typedDirectory: '',
          quote: '"',
        },
      },
    },
  ]);
  expect(asked('./ru')).toMatchObject([{ query: { type: 'path', executables: true, base: 'ru' } }]);
  expect(asked('gi')).toMatchObject([{ query: { type: 'command', base: 'gi' } }]);
  expect(asked('echo $HO')).toMatchObject([{ query: { type: 'variable', base: 'HO' } }]);
});

test('one that fits is put in, with what belongs behind it', () => {
  const put = (typed: string, ...names: string[]) =>
    text(play(start(), type(typed), tab, answered(files(...names))));
  expect(put('cat fi', 'file one')).toBe('cat file\\ one ');
  expect(put('cat "fi', 'file one')).toBe('cat "file one" ');
  expect(put("cat 'fi", 'file one/')).toBe("cat 'file one/");
  expect(put('cd s', 'src/')).toBe('cd src/');
  expect(put('cat fi', 'fi')).toBe('cat fi ');
  const variable = answered([{ name: 'HOME', kind: 'variable' }]);
  expect(text(play(start(), type('echo $HO'), tab, variable))).toBe('echo $HOME');
  expect(text(play(start(), type('echo "${HO'), tab, variable))).toBe('echo "${HOME}');
});

test('what stands behind the cursor stays, and a quote or a slash there is not doubled', () => {
  const at = (before: string, behind: string) =>
    play(start(), type(before + behind), ...Array.from(behind, () => press('left')), tab);
  const quote = play(at('cat "fi', '" two'), answered(files('file')));
  expect([text(quote), quote.state.editor.buffer.cursor]).toEqual(['cat "file" two', 11]);
  expect(text(play(at('cat fi', '/two'), answered(files('fifo/'))))).toBe('cat fifo/two');
  expect(text(play(at('cat fi', 'x'), answered(files('file'))))).toBe('cat file x');
});

test('several: what they have in common, then the menu; it wraps, and Enter takes without sending', () => {
  const first = play(start(), type('cat m'), tab, answered(files('main.c', 'main.h', 'make it/')));
  expect(text(first)).toBe('cat ma');
  expect(frame(first.state).menu).toBeUndefined();
  const menu = play(first, tab);
  expect(menu.last).toEqual([]);
  expect(completionStatus(menu.state)).toMatch(/^1\/3 · file/);
  expect(completionStatus(play(menu, press('shift+tab')).state)).toMatch(/^3\/3 · directory/);
  expect(completionStatus(play(menu, tab, tab, tab).state)).toMatch(/^1\/3/);
  const status = (columns: number) => completionStatus({ ...menu.state, columns });
  expect([39, 38, 27].map(status)).toEqual([
    '1/3 · file · Enter takes · Esc',
    '1/3 · file · Enter takes · Esc',
    '1/3 · file',
  ]);
  expect(status(80)).toBe('1/3 · file · Enter takes · Tab next · Esc');
  const taken = play(menu, tab, tab, press('enter'));
  expect(text(taken)).toBe('cat make\\ it/');
  expect(taken.last).toEqual([]);
  expect(text(play(taken, press('ctrl+_')))).toBe('cat ma');
});

test('where there is nothing to put in the first Tab opens the menu; Esc, Ctrl-G and Ctrl-C leave the line', () => {
  const menu = play(start(), type('cat '), tab, answered(files('one', 'two')));
  expect(menu.state.completion?.phase).toBe('menu');
  for (const key of ['escape', 'ctrl+g', 'ctrl+c']) {
    const left = play(menu, press('right'), press(key));
    expect(left.state.completion).toBeUndefined();
    expect(text(left)).toBe('cat ');
  }
  expect(text(play(menu, type('x')))).toBe('cat x');
  expect(text(play(menu, press('backspace')))).toBe('cat');
});

test('arrows move by what is on the screen', () => {
  const names = Array.from({ length: 30 }, (_, n) => `file-${String(n).padStart(2, '0')}`);
  const menu = play(start({ columns: 40 }), type('cat file-'), tab, answered(files(...names)));
  const selected = ({ state }: Played) => completionStatus(state)?.split('/')[0];
  expect(selected(play(menu, press('right')))).toBe('2');
  expect(selected(play(menu, press('down')))).toBe('4');
  expect(selected(play(menu, press('down'), press('up')))).toBe('1');
  expect(selected(play(menu, press('up')))).toBe('1');
  expect(selected(play(menu, press('left')))).toBe('1');
});

test('the next key cancels a question, Tab does not; an answer that comes too late changes nothing', () => {
  const asked = play(start({ columns: 60 }), type('cat f'), tab);
  expect(completionStatus(asked.state)).toBeUndefined();
  const waits = play(asked, { type: 'completion-waits', request: 1 });
  expect(completionStatus(waits.state)).toContain('completing');
  const cancelled = play(asked, type('o'));
  expect(cancelled.last).toEqual([{ type: 'cancel-completion' }]);
  expect(text(cancelled)).toBe('cat fo');
  expect(text(play(cancelled, answered(files('file'))))).toBe('cat fo');
  const again = play(asked, press('escape'), tab);
  expect(again.last).toMatchObject([{ type: 'complete', request: 2 }]);
  expect(text(play(again, answered(files('other'), 1)))).toBe('cat f');
  expect(text(play(asked, press('escape')))).toBe('cat f');
  const deeper = play(asked, tab, answered(files('fold/')));
  expect([text(deeper), deeper.last]).toMatchObject(['cat fold/', [{ type: 'complete', request: 2 }]]);
  const twice = play(asked, tab, answered(files('fa', 'fb')));
  expect(twice.state.completion?.phase).toBe('menu');
});

test('what is typed for a program gets a tab', () => {
  const typed = play(start({ inputTo: 1 }), type('a'), tab);
  expect(typed.last).toEqual([]);
  expect(text(typed)).toBe('a\t');
});

test('nothing that fits, and what went wrong, is said', () => {
  const none = play(start(), type('cat f'), tab, answered([]));
  expect(none.state.notice).toBe('Nothing fits.');
  const failed = play(start(), type('cat f'), tab, {
    type: 'completed',
    request: 1,
    answer: { problem: 'no devbox' },
  });
  expect(failed.state.notice).toBe('no devbox');
  expect(play(start(), tab).state.notice).toContain('Tab completes');
  expect(play(start(), type('echo # x'), tab).state.notice).toBe('Nothing can be completed here.');
});

test(':commands, settings and their values, numbers of the queue, names of shells', () => {
  const put = (typed: string, from = start()) => text(play(from, type(typed), tab));
  expect(put(':swi')).toBe(':switch ');
  expect(put(':set ke')).toBe(':set keys ');
  expect(put(':set keys v')).toBe(':set keys vi ');
  const busy = play(start(), ...line('sleep 9'), launched(1), ...line('make'), launched(2, 'queued'));
  expect(put(':cancel ', busy)).toBe(':cancel 2 ');
  const shells = play(start(), type(':switch b'), tab);
  expect(shells.last).toEqual([{ type: 'complete', request: 1, query: { type: 'shells', base: 'b' } }]);
  expect(text(play(shells, answered([{ name: 'build it', kind: 'word' }])))).toBe(':switch build it ');
});

test('the menu leaves the frame below the height of every screen', () => {
  const names = Array.from({ length: 500 }, (_, n) => `file-${n}`);
  for (let rows = 2; rows <= 30; rows += 1) {
    const busy = play(
      start({ rows, columns: 40 }),
      ...line('sleep 9'),
      launched(1),
      ...line('make'),
      ...line('ls'),
    );
    const opened = play(
      busy,
      { type: 'partial', text: 'x' },
      type('cat file-'),
      tab,
      answered(files(...names)),
    );
    const end = play(opened, press('shift+tab'));
    const shown = frame(end.state);
    const status = shown.showStatus ? 1 : 0;
    const more = shown.more > 0 ? 1 : 0;
    const menu = shown.menu?.rows ?? [];
    const partial = shown.showPartial ? 1 : 0;
    expect(shown.queue.length + more + status + menu.length + partial + 1).toBeLessThan(Math.max(rows, 3));
    if (menu.length > 0) expect(menu.flat().some(({ selected }) => selected)).toBe(true);
  }
});
