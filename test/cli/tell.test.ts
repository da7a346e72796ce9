import { expect, onTestFinished, test, vi } from 'vitest';
import { tell } from '../../src/cli/standard-streams.ts';

test('words of the server reach the terminal with their escapes made harmless', async () => {
  const written: unknown[] = [];
  const write = vi.spyOn(process.stderr, 'write').mockImplementation((...given: unknown[]) => {
    written.push(given[0]);
    (given.at(-1) as () => void)();
    return true;
  });
  onTestFinished(() => write.mockRestore());
  await tell('command 3 did not run: \u001b]52;c;aGk=\u0007 gone\r\nas told');
  expect(written).toEqual(['nsh: command 3 did not run: ^[]52;c;aGk=^G gone\nas told\n']);
});
