import { expect, test } from 'vitest';
import { showInPager } from '../../../src/repl/runtime/terminal/pager.ts';

const show = (PAGER: string | undefined, text: (signal: AbortSignal) => AsyncIterable<string>) =>
  showInPager({
    text,
    lendTerminal: (body) => body(),
    env: { PATH: process.env.PATH, ...(PAGER === undefined ? {} : { PAGER }) },
    signal: new AbortController().signal,
  });

async function* short() {
  yield 'text\n';
}

test('a pager that is not there is named, and one that fails is told', async () => {
  expect(await show('no-such-pager --long', short)).toBe(
    'There is no pager `no-such-pager --long` (PAGER=no-such-pager --long). Set PAGER to a pager of this machine and start nsh again.',
  );
  expect(await show('cat >/dev/null; exit 3 #', short)).toMatch(/ended with exit status 3\.$/);
});

test('a pager gets all of the text, and colours when it is less', async () => {
  expect(await show('test "$(cat) $LESS" = "text R" #', short)).toBeUndefined();
});

test('a pager that is left early ends the reading, also one that waits for more', async () => {
  let given = 0;
  async function* endless(signal: AbortSignal) {
    for (; given < 10; given += 1) yield 'line\n';
    await new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
  }
  expect(await show('head -n 1 >/dev/null #', endless)).toBeUndefined();
  expect(given).toBe(10);
});
