import { expect, test } from 'vitest';
import { createAnswers } from '../../../src/repl/runtime/answers.ts';

test('answers come in the order typed: at once when nothing is before them', async () => {
  const given: string[] = [];
  const answers = createAnswers();
  const say = (text: string) => () => void given.push(text);
  answers.inTurn(say('one'));
  expect(given).toEqual(['one']);
  const search = Promise.withResolvers<void>();
  answers.inTurn(() => search.promise.then(say('search')));
  const last = Promise.withResolvers<void>();
  answers.inTurn(say('status'));
  answers.inTurn(async () => say('list')());
  answers.inTurn(() => {
    given.push('last');
    last.resolve();
  });
  expect(given).toEqual(['one']);
  search.resolve();
  await last.promise;
  expect(given).toEqual(['one', 'search', 'status', 'list', 'last']);
});

test('one that takes too long does not hold up the rest', async () => {
  const answers = createAnswers(1);
  answers.inTurn(() => new Promise(() => {}));
  await new Promise<void>((resolve) => answers.inTurn(resolve));
  let atOnce = false;
  await new Promise(setImmediate);
  answers.inTurn(() => {
    atOnce = true;
  });
  expect(atOnce).toBe(true);
});
