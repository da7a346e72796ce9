import { describe, expect, test } from 'vitest';
import { type PaletteColour, palette, sgrColour } from '../../../src/repl/output/palette.ts';

/** Grounds in use: black and white, and those of VS Code, One, Ubuntu, Solarized and Nord. */
const GROUNDS = ['000000', 'ffffff', '1e1e1e', '282c34', '300a24', '002b36', 'fdf6e3', 'fafafa', '2e3440'];
/** What WCAG 2.2 asks of large text and of what carries meaning (1.4.11). */
const LEAST_CONTRAST = 3;
const CUBE = [0, 95, 135, 175, 215, 255];

describe.each(Object.keys(palette) as PaletteColour[])('%s', (colour) => {
  test.each(GROUNDS)('stands out from #%s', (ground) => {
    const [lighter, darker] = [luminance(rgbOf(palette[colour])), luminance(hex(ground))].sort(
      (a, b) => b - a,
    ) as [number, number];
    expect((lighter + 0.05) / (darker + 0.05)).toBeGreaterThanOrEqual(LEAST_CONTRAST);
  });

  test('is not of the sixteen that a theme changes', () => {
    expect(palette[colour]).toBeGreaterThanOrEqual(16);
    expect(sgrColour(colour)).toBe(`38;5;${palette[colour]}`);
  });
});

/** The entry as xterm has it: a cube of 6 x 6 x 6, then 24 greys. */
function rgbOf(entry: number): number[] {
  if (entry >= 232) return Array.from({ length: 3 }, () => 8 + 10 * (entry - 232));
  const place = entry - 16;
  return [Math.floor(place / 36), Math.floor(place / 6) % 6, place % 6].map((step) => CUBE[step] ?? 0);
}

function hex(ground: string): number[] {
  return [0, 2, 4].map((at) => Number.parseInt(ground.slice(at, at + 2), 16));
}

function luminance(rgb: readonly number[]): number {
  const [red = 0, green = 0, blue = 0] = rgb.map((value) => {
    const share = value / 255;
    return share <= 0.03928 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
