/** How long a person at the keyboard takes, ms. The same script has the same pace each time. */
export interface Pace {
  /** Before the first key. */
  begin(): number;
  /** Before a character, behind the one before. */
  key(character: string, before: string | undefined): number;
  /** Before Enter. */
  enter(): number;
  /** To look at what a command has printed. */
  look(): number;
  /** To read a comment. */
  read(text: string): number;
  pause(ms: number): number;
}

export const AT_ONCE: Pace = {
  begin: () => 0,
  key: () => 0,
  enter: () => 0,
  look: () => 0,
  read: () => 0,
  pause: () => 0,
};

/** Most keys take about as long; some, at the end of a word most of all, take longer. */
export function humanPace(script: string): Pace {
  const random = randomFrom(script);
  const around = (ms: number) => ms * (0.6 + 0.8 * random());
  const hesitates = () => (random() < 0.04 ? around(250) : 0);
  return {
    begin: () => around(900),
    key(character, before) {
      const word = before === ' ' || character === ' ' ? 40 : 0;
      const sign = /[\p{L}\p{N} ]/u.test(character) ? 0 : 50;
      return around(55 + word + sign) + hesitates();
    },
    enter: () => around(350),
    look: () => around(900),
    read: (text) => 600 + 35 * text.length,
    pause: (ms) => ms,
  };
}

/** Mulberry32, seeded by FNV-1a of the text: numbers from 0 to below 1. */
function randomFrom(text: string): () => number {
  let state = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(text)) state = Math.imul(state ^ byte, 0x01000193);
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
