import path from 'node:path';
import type { ExpectStatic } from 'vitest';

const FOLDER = path.join(import.meta.dirname, '../fixtures/screens');

/** What differs from run to run, in as many cells as it had. */
const MASKS: readonly (readonly [RegExp, (match: string) => string])[] = [
  // What a command took, at the end of its block.
  [/(?<=^[✓✗].*)\b\d+(?:ms|\.\ds)$/gm, () => '0.0s'],
  [/\b\d+(?:\.\d)?s\b/g, (time) => time.replaceAll(/\d/g, '0')],
  // Ages in the list of a search, and the clock below it.
  [/[✓✗] (?:now|[ \d]\d[smh])/g, (mark) => `${mark.charAt(0)} now`],
  [/\b\d\d:\d\d\b/g, () => '00:00'],
  // Where it is, how long until the next try and what went wrong: one is as wide as the others leave it.
  [
    /^.*reconnecting (?:in \d+ s|now)(, [^:]*)?:.*$/gm,
    (line) => line.replace(/^.*(reconnecting) (?:in \d+ s|now)/, '… $1 in 0 s').replace(/:.*/, ': …'),
  ],
  [/127\.0\.0\.1:\d+/g, (place) => place.replace(/\d+$/, (port) => 'P'.repeat(port.length))],
];

/**
 * Compares a screen with its picture, a text file that people read. `npx vitest run -u …` draws it anew: then look at it.
 *
 * @param expect of the test itself: tests run side by side
 * @param name of the file, without its ending
 */
export async function matchesPicture(expect: ExpectStatic, screen: string, name: string): Promise<void> {
  const masked = MASKS.reduce((text, [pattern, mask]) => text.replaceAll(pattern, mask), screen);
  const lines = masked.split('\n').map((line) => line.trimEnd());
  await expect(`${lines.join('\n')}\n`).toMatchFileSnapshot(path.join(FOLDER, `${name}.txt`));
}
