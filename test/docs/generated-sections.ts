import { readFileSync, writeFileSync } from 'node:fs';
import { expect } from 'vitest';

export const table = (head: readonly string[], rows: readonly (readonly string[])[]) =>
  [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');

/** Between its two marks the file says what the code does, no more and no less. `UPDATE_README=1` writes it. */
export function expectSection(file: string, name: string, content: string): void {
  const text = readFileSync(file, 'utf8');
  const section = new RegExp(`(<!-- ${name} -->\n)[\\s\\S]*?(<!-- /${name} -->)`);
  expect(text).toMatch(section);
  const written = text.replace(section, (_all, start, end) => `${start}${content}\n${end}`);
  if (process.env.UPDATE_README) writeFileSync(file, written);
  else expect(text).toBe(written);
}
