import { expect, test } from 'vitest';
import { defaultSettings } from '../../../src/repl/state/settings.ts';
import { ended, launched, line, NOW, type Played, play, press, start, type } from './play.ts';

const rows = ({ state }: Played) =>
  state.entries.map(({ number, command, phase }) => `${number} ${command} ${phase}`);
const text = ({ state }: Played) => state.editor.buffer.text;
const launches = ({ effects }: Played) =>
  effects.flatMap((effect) => (effect.type === 'launch' ? [effect.command] : []));
const printed = ({ last }: Played) =>
  last.flatMap((effect) => (effect.type === 'print' ? [effect.text] : []));
const cancelled = (number: number) => {
  const event = ended(number, 143);
  if (event.type !== 'settled' || event.report.kind !== 'completed')
    throw new Error('not the end of a command');
  return {
    ...event,
    report: { ...event.report, reason: 'cancelled', message: 'cancelled before it ran' },
  } as const;
};

/** One runs, two wait on the devbox, a fourth is on its way, two more are here. */
const busy = () =>
  play(
    start(),
    ...['one', 'two', 'three', 'four', 'five', 'six'].flatMap(line),
    launched(1),
    launched(2, 'queued'),
    launched(3, 'queued'),
  );
const CTRL_Q = press('ctrl+q');

test('the queue takes the keys with its last command selected, and gives them back', () => {
  const focused = play(busy(), type('half a li'), CTRL_Q);
  expect(focused.state.queueFocus).toBe(6);
  expect(play(focused, press('up'), type('kk'), press('down')).state.queueFocus).toBe(4);
  expect(play(focused, press('home')).state.queueFocus).toBe(1);
  for (const leave of [press('escape'), CTRL_Q, press('ctrl+c'), type('q')]) {
    const left = play(focused, leave);
    expect(left.state.queueFocus).toBeUndefined();
    expect(text(left)).toBe('half a li');
  }
  expect(play(start(), CTRL_Q).state).toMatchObject({
    queueFocus: undefined,
    notice: expect.stringContaining('Nothing runs'),
  });
});

test('a line that is only here moves among its like; what is sent keeps its place', () => {
  const moved = play(busy(), CTRL_Q, press('alt+up'));
  expect(rows(moved).slice(4)).toEqual(['6 six unsent', '5 five unsent']);
  expect(moved.state.queueFocus).toBe(6);
  const stopped = play(moved, type('K'));
  expect(rows(stopped)).toEqual(rows(moved));
  expect(stopped.state.notice).toContain('sent already');
  expect(rows(play(stopped, type('J')))).toEqual(rows(busy()));
  const onDevbox = play(busy(), CTRL_Q, press('home'), press('down'), type('J'));
  expect(onDevbox.state.notice).toContain('#2 waits on the devbox and keeps its place');
  expect(rows(onDevbox)).toEqual(rows(busy()));
});

test('dropping: at once what is here, by the devbox what is there, and what runs not at all', () => {
  const here = play(busy(), CTRL_Q, type('d'));
  expect(rows(here)).not.toContain('6 six unsent');
  expect(printed(here)).toEqual(['⊘ #6 dropped before it was sent: six']);
  expect(here.state.queueFocus).toBe(5);
  const there = play(busy(), CTRL_Q, press('home'), type('jd'));
  expect(there.last).toEqual([{ type: 'cancel', number: 2, name: '#2', executionId: 'e2' }]);
  expect(rows(there)).toEqual(rows(busy()));
  const gone = play(there, cancelled(2));
  expect(printed(gone)).toEqual(['⊘ #2 cancelled before it ran: two']);
  expect(gone.state.queueFocus).toBe(3);
  expect(printed(play(busy(), CTRL_Q, press('home'), type('d'))).join()).toContain('has begun');
  const all = play(busy(), CTRL_Q, type('D'));
  expect(rows(all)).toEqual(['1 one running', '2 two queued', '3 three queued', '4 four launching']);
});

test('an edit of a line that is here takes its place and its number, and the draft comes back', () => {
  const editing = play(busy(), type('half a li'), CTRL_Q, press('up'), type('e'));
  expect(text(editing)).toBe('five');
  expect(rows(editing)).toEqual(rows(busy()));
  const sent = play(editing, type(' and more'), press('enter'));
  expect(rows(sent).slice(4)).toEqual(['5 five and more unsent', '6 six unsent']);
  expect(text(sent)).toBe('half a li');
  for (const leave of [press('ctrl+c'), press('escape')]) {
    const left = play(editing, type('x'), leave);
    expect(rows(left)).toEqual(rows(busy()));
    expect(text(left)).toBe('half a li');
    expect(left.state.editing).toBeUndefined();
  }
});

test('a line that is edited is not sent, nor are those behind it, until the edit is', () => {
  const editing = play(busy(), ...line(':edit 5'), launched(4, 'queued'));
  expect(launches(editing)).toEqual(['one', 'two', 'three', 'four']);
  expect(launches(play(editing, press('escape')))).toEqual(['one', 'two', 'three', 'four', 'five']);
  expect(launches(play(editing, type('!'), press('enter')))).toEqual([
    'one',
    'two',
    'three',
    'four',
    'five!',
  ]);
});

test('an edit of what waits on the devbox is sent last, once the other is known never to have run', () => {
  const sent = play(busy(), ...line(':edit 2'), type('!'), press('enter'));
  expect(sent.last).toContainEqual({ type: 'cancel', number: 2, name: '#2', executionId: 'e2' });
  expect(rows(sent).at(-1)).toBe('7 two! unsent');
  const others = play(sent, launched(4, 'queued'), launched(5, 'queued'), launched(6, 'queued'));
  expect(launches(others)).not.toContain('two!');
  const gone = play(others, cancelled(2));
  expect(printed(gone)).toEqual(['⊘ #2 replaced by your edit: two']);
  expect(launches(gone).at(-1)).toBe('two!');
  // It had begun after all: whether the edit is to run too is for a person to say.
  const ran = play(others, ended(1), ended(2));
  expect(launches(ran)).not.toContain('two!');
  expect(ran.state.hold?.reason).toContain('#2 had begun');
  expect(launches(play(ran, press('enter'))).at(-1)).toBe('two!');
});

test('when the command has begun meanwhile the text stays, and the first Enter sends nothing', () => {
  const late = play(
    busy(),
    type('draft'),
    CTRL_Q,
    press('home'),
    type('je'),
    ended(1),
    launched(4, 'queued'),
  );
  const entered = play(late, type('!'), press('enter'));
  expect(entered.state.notice).toContain('#2 has begun');
  expect(text(entered)).toBe('two!');
  expect(rows(entered)).toEqual(rows(late));
  const again = play(entered, press('enter'));
  expect(rows(again).at(-1)).toBe('7 two! unsent');
  expect(text(again)).toBe('draft');
  expect(text(play(entered, press('ctrl+c')))).toBe('draft');
});

test('an edit that changes nothing, or holds nothing, leaves the command as it was', () => {
  const same = play(busy(), ...line(':edit 5'), press('enter'));
  expect(rows(same)).toEqual(rows(busy()));
  expect(same.state.notice).toContain('#5 stays as it was');
  const empty = play(busy(), ...line(':edit 5'), press('ctrl+u'), press('enter'));
  expect(rows(empty)).toEqual(rows(busy()));
  expect(empty.state.editing).toBe(5);
  expect(printed(play(busy(), ...line(':edit 9'))).join()).toContain(':edit takes the number');
  expect(play(busy(), ...line(':edit 1')).state.notice).toContain('#1 has begun');
});

const stopping = { settings: { ...defaultSettings, 'stop-on-error': 'on' } } as const;

test('with stop-on-error lines are sent one at a time, and what waits behind a failure is held', () => {
  const sent = play(start(stopping), ...['make', 'make test', 'rm -r old'].flatMap(line), launched(1));
  expect(launches(sent)).toEqual(['make']);
  expect(launches(play(sent, ended(1)))).toEqual(['make', 'make test']);
  const failed = play(sent, ended(1, 2));
  expect(launches(failed)).toEqual(['make']);
  expect(failed.state.hold).toEqual({ reason: '#1 failed' });
  expect(launches(play(failed, press('enter')))).toEqual(['make', 'make test']);
  expect(launches(play(failed, CTRL_Q, type('r')))).toEqual(['make', 'make test']);
  const dropped = play(failed, CTRL_Q, type('D'));
  expect(rows(dropped)).toEqual([]);
  expect(dropped.state.hold).toBeUndefined();
  expect(launches(play(dropped, ...line('ls')))).toEqual(['make', 'ls']);
});

test('a failure holds nothing when nothing waits, without the setting, or when another client failed', () => {
  expect(play(start(stopping), ...line('make'), launched(1), ended(1, 2)).state.hold).toBeUndefined();
  const off = play(start(), ...line('make'), ...line('next'), launched(1), ended(1, 2));
  expect(launches(off)).toEqual(['make', 'next']);
  const queued = { kind: 'queued', executionId: 'x', command: 'theirs' } as const;
  const theirs = play(
    start(stopping),
    { type: 'shell-news', news: queued, now: NOW },
    ...line('mine'),
    launched(2, 'queued'),
    ...line('next'),
    { type: 'shell-news', news: { kind: 'started', executionId: 'x' }, now: NOW },
    ended(1, 2),
  );
  expect(theirs.state.hold).toBeUndefined();
});

test('h holds what is here and what is typed from then on, and sends it again', () => {
  const held = play(start(), ...line('one'), launched(1), CTRL_Q, type('h'), press('escape'), ...line('two'));
  expect(launches(held)).toEqual(['one']);
  expect(launches(play(held, CTRL_Q, type('h')))).toEqual(['one', 'two']);
});

test('what waits here when the shell ends is held', () => {
  const event = ended(1, 0);
  if (event.type !== 'settled' || event.report.kind !== 'completed')
    throw new Error('not the end of a command');
  const end = { ...event, report: { ...event.report, reason: 'shell_ended' } } as const;
  const held = play(start(), ...line('exit'), ...line('rm -r *'), ...line('ls'), launched(1), end);
  expect(rows(held)).toEqual(['2 rm -r * launching', '3 ls unsent']);
  expect(held.state.hold).toEqual({ reason: 'the shell ended' });
});
