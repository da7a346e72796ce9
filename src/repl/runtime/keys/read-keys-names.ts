import type { KeyPress } from '../../editor/key-event.ts';

export interface Modifiers {
  readonly ctrl: boolean;
  readonly alt: boolean;
  readonly shift: boolean;
}

export const noModifiers: Modifiers = { ctrl: false, alt: false, shift: false };

export function namedKey(name: string, modifiers: Modifiers = noModifiers): KeyPress {
  return { type: 'key', name, ...modifiers };
}

/**
 * A key that stands for one character, which it types unless ctrl or alt is held. Shift belongs to the name of
 * letters only: `!` is its own name, whatever keys the layout needs for it.
 */
export function characterKey(character: string, modifiers: Modifiers = noModifiers): KeyPress {
  const lower = character.toLowerCase();
  const upper = character.toUpperCase();
  // Characters whose other case has another length (ß) are left alone.
  const hasCase = lower !== upper && lower.length === upper.length;
  const isUpper = hasCase && character === upper;
  const key = {
    type: 'key',
    name: character === ' ' ? 'space' : isUpper ? lower : character,
    ctrl: modifiers.ctrl,
    alt: modifiers.alt,
    shift: isUpper || (modifiers.shift && (hasCase || character === ' ')),
  } as const;
  if (modifiers.ctrl || modifiers.alt) return key;
  return { ...key, text: modifiers.shift && hasCase ? upper : character };
}

/**
 * The key of a C0 control byte or DEL. Backspace is sent as either 0x7f or 0x08, depending on the terminal; Ctrl-J
 * (0x0a) is not Enter (0x0d).
 */
export function controlKey(byte: number, alt = false): KeyPress {
  const modifiers = { ...noModifiers, alt };
  if (byte === 0x0d) return namedKey('enter', modifiers);
  if (byte === 0x09) return namedKey('tab', modifiers);
  if (byte === 0x7f || byte === 0x08) return namedKey('backspace', modifiers);
  if (byte === 0x1b) return namedKey('escape', modifiers);
  const character = byte === 0 ? ' ' : String.fromCharCode(byte + 0x40);
  return characterKey(character.toLowerCase(), { ...modifiers, ctrl: true });
}

/** Modifier parameter of xterm and kitty: 1 + bits. Undefined when super, hyper or meta make it no key of ours. */
export function readModifiers(parameter: number): Modifiers | undefined {
  const bits = Math.max(0, parameter - 1);
  // 64 and 128 are Caps Lock and Num Lock, which kitty reports along.
  if ((bits & ~(1 | 2 | 4 | 64 | 128)) !== 0) return undefined;
  return { shift: (bits & 1) !== 0, alt: (bits & 2) !== 0, ctrl: (bits & 4) !== 0 };
}

/** The last byte of CSI and SS3 sequences (xterm; `a`–`d` below are rxvt's). */
export const keysByFinal: ReadonlyMap<string, string> = new Map([
  ['A', 'up'],
  ['B', 'down'],
  ['C', 'right'],
  ['D', 'left'],
  ['E', 'begin'],
  ['F', 'end'],
  ['H', 'home'],
  ['P', 'f1'],
  ['Q', 'f2'],
  ['R', 'f3'],
  ['S', 'f4'],
]);

/** rxvt's arrows: CSI a with Shift, SS3 a with Ctrl. */
export const rxvtArrows: ReadonlyMap<string, string> = new Map([
  ['a', 'up'],
  ['b', 'down'],
  ['c', 'right'],
  ['d', 'left'],
]);

/** The number before `~` in CSI sequences (VT220, xterm). */
export const keysByNumber: ReadonlyMap<number, string> = new Map([
  [1, 'home'],
  [2, 'insert'],
  [3, 'delete'],
  [4, 'end'],
  [5, 'pageup'],
  [6, 'pagedown'],
  [7, 'home'],
  [8, 'end'],
  ...[11, 12, 13, 14, 15, 17, 18, 19, 20, 21, 23, 24, 25, 26, 28, 29, 31, 32, 33, 34].map(
    (number, index): [number, string] => [number, `f${index + 1}`],
  ),
]);

/** Keypad keys in application mode: SS3 j–y, X. */
export function keypadCharacter(final: string): string | undefined {
  if (final === 'X') return '=';
  return final >= 'j' && final <= 'y' ? String.fromCharCode(final.charCodeAt(0) - 0x40) : undefined;
}

const KITTY_KEYPAD = 57399;
const KITTY_KEYPAD_TEXT = '0123456789./*-+';
const KITTY_NAMES = [
  'enter',
  '=',
  ',',
  'left',
  'right',
  'up',
  'down',
  'pageup',
  'pagedown',
  'home',
  'end',
  'insert',
  'delete',
  'begin',
];

/**
 * The key of a code point in CSI u and modifyOtherKeys sequences, where kitty gives functional keys private-use
 * codes. Undefined for those that are no keys of ours (modifiers, media keys).
 */
export function keyByCode(code: number, modifiers: Modifiers): KeyPress | undefined {
  const shortcut = new Map([
    [9, 'tab'],
    [13, 'enter'],
    [27, 'escape'],
    [8, 'backspace'],
    [127, 'backspace'],
  ]).get(code);
  if (shortcut !== undefined) return namedKey(shortcut, modifiers);
  if (code >= 57376 && code <= 57398) return namedKey(`f${code - 57376 + 13}`, modifiers);
  if (code >= KITTY_KEYPAD && code < KITTY_KEYPAD + KITTY_KEYPAD_TEXT.length + KITTY_NAMES.length) {
    const text = KITTY_KEYPAD_TEXT[code - KITTY_KEYPAD];
    if (text !== undefined) return characterKey(text, modifiers);
    const name = KITTY_NAMES[code - KITTY_KEYPAD - KITTY_KEYPAD_TEXT.length] ?? '';
    return name.length === 1 ? characterKey(name, modifiers) : namedKey(name, modifiers);
  }
  const isPrintable = code >= 0x20 && code <= 0x10ffff && !(code >= 0x7f && code < 0xa0);
  const isPrivateOrSurrogate = code >= 0xd800 && code <= 0xf8ff;
  if (!isPrintable || isPrivateOrSurrogate) return undefined;
  return characterKey(String.fromCodePoint(code), modifiers);
}
