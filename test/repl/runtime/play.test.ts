import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createTypist } from '../../../src/repl/runtime/keys/type-keys.ts';
import { AT_ONCE, humanPace } from '../../../src/repl/runtime/play/pace.ts';
import { play } from '../../../src/repl/runtime/play/player.ts';
import { type PlayStep, parsePlayScript } from '../../../src/repl/runtime/play/script.ts';
import { createStore } from '../../../src/repl/runtime/store.ts';
import { defaultSettings } from '../../../src/repl/state/settings.ts';
import { initialState } from '../../../src/repl/state/state.ts';

const short = ({ line, ...step }: PlayStep) => [line, ...Object.values(step)];

test('lines, comments, notes and directives', () => {
  const script = [
    '#!/usr/bin/env -S nsh play',
    '## nobody sees this',
    '# shown',
    '#',
    'echo a  b ',
    '',
    '#pause 1.5s',
    '#pause 20ms',
    '\\# typed',
    '#nowait',
    '  sleep 1',
    'echo c',
    '#wait',
    '#type git ch',
    '#key tab Ctrl-X ctrl+e Alt-B F1 - q',
  ].join('\r\n');
  expect(parsePlayScript(script).map(short)).toEqual([
    [3, 'comment', '# shown'],
    [4, 'comment', '#'],
    [5, 'line', 'echo a  b ', false],
    [6, 'blank'],
    [7, 'pause', 1500],
    [8, 'pause', 20],
    [9, 'line', '# typed', false],
    [11, 'line', '  sleep 1', true],
    [12, 'line', 'echo c', false],
    [13, 'wait'],
    [14, 'type', 'git ch'],
    [15, 'keys', expect.any(Array)],
  ]);
  const [keys] = parsePlayScript(script).flatMap((step) => (step.kind === 'keys' ? [step.keys] : []));
  expect(keys?.map(({ name, ctrl, alt }) => `${ctrl ? '^' : ''}${alt ? '~' : ''}${name}`)).toEqual([
    'tab',
    '^x',
    '^e',
    '~b',
    'f1',
    '-',
    'q',
  ]);
});

describe('what is wrong is said with its line', () => {
  test.each([
    ['#pauze 2s', /^line 1 has `#pauze`, which is no directive: there are `#pause TIME`, /],
    ['echo\n#pause 2', 'line 2 has `#pause 2`: a time is `2s`, `1.5s` or `300ms`, one hour at most.'],
    ['#pause 3601s', /one hour at most/],
    ['#key hyper+x', /^line 1 names the key `hyper\+x`, which there is not/],
    ['#key', 'line 1 names no key: `#key tab`.'],
    ['#type', 'line 1 has nothing to type: `#type TEXT`.'],
    ['echo \x1b[A', 'line 1 holds a control character: `#key` presses keys.'],
  ])('%j', (script, message) => {
    expect(() => parsePlayScript(script)).toThrow(message);
  });
});

test('a script has the same pace each time, another one has another, and nobody types slower than a second a key', () => {
  const paceOf = (script: string) => {
    const pace = humanPace(script);
    return Array.from('git commit -m "x"', (character, index) =>
      pace.key(character, index === 0 ? undefined : 'a'),
    );
  };
  fc.assert(
    fc.property(fc.string(), (script) => {
      const delays = paceOf(script);
      expect(paceOf(script)).toEqual(delays);
      expect(paceOf(`${script}.`)).not.toEqual(delays);
      for (const delay of delays) {
        expect(delay).toBeGreaterThan(20);
        expect(delay).toBeLessThan(1000);
      }
      expect(new Set(delays).size).toBeGreaterThan(10);
    }),
    { numRuns: 100 },
  );
  expect(AT_ONCE.key('a', 'b') + AT_ONCE.pause(1000)).toBe(0);
});

describe('a script that cannot be played to its end', () => {
  /** A REPL whose devbox does not answer until the script's comment, and then that the first line is lost. */
  function playOn(script: string, stopAtComment: boolean) {
    const start = {
      shellName: 'demo',
      devbox: 'local',
      cwd: '/',
      devboxId: 'local',
      past: [],
      now: 0,
      lastNumber: 0,
      plain: false,
    };
    const size = { columns: 80, rows: 24 };
    const settings = { settings: defaultSettings, settingsPath: '' };
    const stop = new AbortController();
    const store = createStore(initialState({ ...start, ...size, ...settings }), () => undefined);
    const lost = { type: 'launch-failed', number: 1, failure: 'unknown', message: 'it is lost' } as const;
    return play(parsePlayScript(script), {
      store,
      type: createTypist(store),
      comment: () => (stopAtComment ? stop.abort() : store.dispatch(lost)),
      printed: async () => {},
      pace: AT_ONCE,
      signal: stop.signal,
    });
  }
  const script = '#nowait\necho a\n#nowait\necho b\n# now\n#wait\necho c\n';

  test('stops where lines are held, and says why', async () => {
    expect(await playOn(script, false)).toEqual({
      kind: 'stopped',
      line: 6,
      reason: expect.stringMatching(/^lines are held: /),
    });
  });

  test('stops where it is told to', async () => {
    expect(await playOn(script, true)).toEqual({ kind: 'stopped', line: 5, reason: undefined });
  });
});
