/**
 * The colours of the REPL's own text, by what they say: entries of the 256-colour palette. Those from 16 on look the same
 * in every theme, where a theme's own yellow, cyan or blue may not be seen on its ground. Each of these stands out from
 * black, from white and from the grounds in use between them, so nobody has to say which one it is.
 */
export const palette = {
  /** What runs now, and what has the keys: blue. */
  active: 33,
  /** What waits on the devbox: a quieter blue. */
  waiting: 67,
  /** What the user should look at: amber. */
  warning: 136,
  failure: 167,
  success: 65,
  /** Reserved words of a command: violet. */
  keyword: 134,
  /** What is told along the way: grey, since a dimmed text of a soft theme is hardly there. */
  muted: 245,
} as const satisfies Record<string, number>;

export type PaletteColour = keyof typeof palette;

/** The parameters of the SGR that sets it, to stand between `\x1b[` and `m`. */
export const sgrColour = (colour: PaletteColour) => `38;5;${palette[colour]}`;

/** As Ink's `color` takes it, which makes of it what the terminal can show. */
export const inkColour = (colour: PaletteColour) => `ansi256(${palette[colour]})`;
