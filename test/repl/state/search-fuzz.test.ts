import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { PastCommand } from '../../../src/repl/editor/past-command.ts';
import { frame } from '../../../src/repl/state/frame.ts';
import { searchKeymap } from '../../../src/repl/state/history/search-keymap.ts';
import { play, press, start, type } from './play.ts';

const seed = Number(process.env.NSH_SEED ?? Date.now() % 2 ** 31);
const keys = [
  ...searchKeymap.flatMap((binding) => binding.keys),
  'backspace',
  'ctrl+w',
  'ctrl+u',
  'left',
  'home',
];
const words = ['a', 'ma', ' ', 'test', 'zzz', 'É', '😀'];

/** The search, whatever is pressed, beside what must hold of it. Says its seed when it fails: NSH_SEED repeats it. */
test('whatever is pressed: a match of the list is selected, the frame fits, and Esc gives the line back', () => {
  const command = fc.record({
    command: fc.constantFrom(
      'make',
      'make test',
      'ls',
      'é test',
      'echo 😀',
      'for i in 1\ndo a\ndone',
      'x'.repeat(300),
    ),
    at: fc.nat(1_000_000),
    devbox: fc.constantFrom('local', 'far'),
    shell: fc.constantFrom('main', 'other'),
    exitStatus: fc.constantFrom(0, 1, 127),
  });
  const action = fc.oneof(
    fc.constantFrom(...keys).map((key) => press(key)),
    fc.constantFrom(...words).map((word) => type(word)),
    fc.constant({ type: 'search-on' } as const),
    fc.array(command, { maxLength: 5 }).map((commands) => ({ type: 'past-loaded', commands }) as const),
    fc
      .record({ columns: fc.integer({ min: 1, max: 90 }), rows: fc.integer({ min: 1, max: 30 }) })
      .map((size) => ({ type: 'resized', ...size }) as const),
  );
  fc.assert(
    fc.property(
      fc.array(command, { maxLength: 30 }),
      fc.array(action, { maxLength: 40 }),
      (past, actions) => {
        const commands: PastCommand[] = past.sort((a, b) => a.at - b.at);
        const line = play(start({ past: { devbox: 'local', commands, loaded: 'yes' } }), type('a line'));
        let played = play(line, press('ctrl+r'));
        for (const event of actions) {
          const before = played.state;
          played = play(played, event);
          const { state } = played;
          const { search, queue, more, editorRows, showStatus } = frame(state);
          const shown = (search?.matches.length ?? 0) + (search?.hint ? 1 : 0) + (search?.message ? 1 : 0);
          const notice = state.notice === undefined || state.rows < 3 ? 0 : 1;
          const height = shown + queue.length + Number(more > 0) + editorRows + Number(showStatus) + notice;
          if (state.search !== undefined) expect(height).toBeLessThanOrEqual(Math.max(2, state.rows - 1));
          const { matches = [] } = state.search?.scan ?? {};
          if (matches.length > 0) expect(matches[state.search?.selected ?? -1]).toBeDefined();
          expect(new Set(matches.map((match) => match.command)).size).toBe(matches.length);
          if (before.search !== undefined && state.search === undefined) {
            const taken = before.search.scan.matches[before.search.selected]?.command;
            expect(['a line', '', taken]).toContain(state.editor.buffer.text);
            return;
          }
        }
        expect(play(played, press('escape')).state.editor).toEqual(line.state.editor);
      },
    ),
    { seed, numRuns: 500 },
  );
});
