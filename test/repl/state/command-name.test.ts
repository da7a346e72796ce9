import { expect, test } from 'vitest';
import type { ReplEvent, ShellNews } from '../../../src/repl/state/event.ts';
import { queueLine } from '../../../src/repl/state/queue/queue-line.ts';
import { accepted, answered, began, ended, line, NOW, type Played, play, start } from './play.ts';

const news = (told: ShellNews): ReplEvent => ({ type: 'shell-news', news: told, now: NOW });
const rows = ({ state }: Played) => state.entries.map((entry) => queueLine(entry, state).text);
const printed = ({ last }: Played) =>
  last.flatMap((effect) => (effect.type === 'print' ? [effect.text] : [])).join('\n');

/** A shell that has run 56 commands; one of another session runs, an own one waits, one is on its way, one unsent. */
const busy = () =>
  play(
    start({ counts: true }),
    news({ kind: 'snapshot', report: { name: 'main', cwd: '/', pid: 7, lastNumber: 56, queue: [] } }),
    accepted(57, 'make'),
    began(57),
    ...line('one'),
    answered(2, 58),
    accepted(58, 'one', 2),
    ...line('two'),
    ...line('three'),
  );

test('where the devbox counts, its number is the name; what it has not accepted goes by +N', () => {
  const at = busy();
  expect(rows(at)).toEqual(['#57 ⇠ make', '#58 one', '+3 two', '+4 three']);
  expect(at.effects).toContainEqual(
    expect.objectContaining({ type: 'open-block', number: 1, name: '#57', command: 'make' }),
  );
  expect(rows(play(at, answered(3, 59))).slice(2)).toEqual(['#59 two', '+4 three']);
});

test('by these names commands are cancelled and edited, also by +N when they have a number by now', () => {
  expect(play(busy(), ...line(':cancel 58')).last).toContainEqual({
    type: 'cancel',
    number: 2,
    name: '#58',
    executionId: 'e58',
  });
  expect(play(busy(), ...line(':cancel +2')).last).toContainEqual(expect.objectContaining({ name: '#58' }));
  expect(printed(play(busy(), ...line(':cancel +4')))).toContain('⊘ +4 dropped before it was sent: three');
  expect(printed(play(busy(), ...line(':cancel 2')))).toContain('There is no command #2 in the queue');
  expect(play(busy(), ...line(':edit #58')).state.editing).toBe(2);
});

test('blocks are found by them; those of another shell of the session by its name too', () => {
  const over = play(busy(), ended(1), began(58), ended(2));
  expect(play(over, ...line(':show 57')).last).toContainEqual(
    expect.objectContaining({ type: 'show-block', number: 1, name: '#57', executionId: 'e57' }),
  );
  expect(printed(play(over, ...line(':show 59')))).toContain('There is no block #59');
  const other = play(over, {
    type: 'attached',
    name: 'other',
    created: false,
    cwd: '/',
    lastNumber: 0,
    past: [],
  });
  expect(printed(play(other, ...line(':show 57')))).toContain('There is no block #57');
  expect(play(other, ...line(':show main#57')).last).toContainEqual(
    expect.objectContaining({ number: 1, name: 'main#57' }),
  );
  const search = play(other, ...line(':grep x')).last.find(({ type }) => type === 'search-blocks');
  expect(search).toMatchObject({ blocks: [{ name: 'main#57' }, { name: 'main#58' }] });
});

test('where nobody counts, #N is this REPL’s own count', () => {
  const own = play(start(), ...line('one'), ...line('two'));
  expect(rows(own)).toEqual(['#1 one', '#2 two']);
  expect(printed(play(own, ...line(':cancel 2')))).toContain('⊘ #2 dropped before it was sent: two');
});
