import { expect, test } from 'vitest';
import { defaultSettings } from '../../../src/repl/state/settings.ts';
import { ended, launched, line, type Played, play, press, start, type } from './play.ts';

const launches = ({ effects }: Played) =>
  effects.flatMap((effect) => (effect.type === 'launch' ? [effect.command] : []));
const switching = (from = start()) => play(from, ...line(':switch build'), ...line('make'), ...line('pwd'));
const attached = { type: 'attached', name: 'build', created: false, cwd: '/b', past: [] } as const;

test('lines typed after a :switch run in the shell that it attaches to, in their order', () => {
  const waiting = switching();
  expect(launches(waiting)).toEqual([]);
  const there = play(waiting, type('half a li'), attached);
  expect(there.state.shell.name).toBe('build');
  expect(there.state.editor.buffer.text).toBe('half a li');
  expect(launches(there)).toEqual(['make']);
  const [first = { number: 0 }] = there.state.entries;
  expect(launches(play(there, launched(first.number), ended(first.number)))).toEqual(['make', 'pwd']);
});

test('a new shell is prepared before them', () => {
  const color = start({ settings: { ...defaultSettings, color: 'on' } });
  const there = play(switching(color), { ...attached, created: true });
  expect(there.state.entries.map(({ command }) => command)).toEqual([
    expect.stringContaining('FORCE_COLOR'),
    'make',
    'pwd',
  ]);
});

test.each([
  { type: 'no-such-shell', name: 'build', shells: [] },
  { type: 'shell-is-there', name: 'build' },
  { type: 'switch-failed', name: 'build', message: 'no answer' },
] as const)('when it comes to nothing ($type) they are held, and one may switch again', (event) => {
  const here = play(switching(), event);
  expect(here.state.hold?.reason).toBe('typed for build');
  expect(launches(here)).toEqual([]);
  const sent = play(here, press('enter'));
  expect(launches(sent)).toEqual(['make']);
  const again = play(start(), ...line(':switch build'), event, ...line(':switch other'));
  expect(again.last).toContainEqual({ type: 'switch', name: 'other', wanted: 'there' });
});

test('one :switch at a time', () => {
  const twice = play(start(), ...line(':switch build'), ...line(':switch other'));
  expect(twice.effects.filter((effect) => effect.type === 'switch')).toHaveLength(1);
});

test('an edit of what waits in the shell that is left does not run in the other', () => {
  const busy = play(start(), ...line('sleep 9'), launched(1), ...line('ls'), launched(2, 'queued'));
  const left = play(
    busy,
    ...line(':switch build'),
    ...line(':edit 2'),
    type(' -l'),
    press('enter'),
    attached,
  );
  expect(left.state.entries).toEqual([]);
  expect(left.effects).toContainEqual(
    expect.objectContaining({ type: 'print', text: expect.stringMatching(/^⊘ .* was not sent: ls -l$/) }),
  );
});
