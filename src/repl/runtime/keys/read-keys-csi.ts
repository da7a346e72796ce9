import type { KeyEvent } from '../../editor/key-event.ts';
import {
  characterKey,
  keyByCode,
  keysByFinal,
  keysByNumber,
  type Modifiers,
  namedKey,
  noModifiers,
  readModifiers,
  rxvtArrows,
} from './read-keys-names.ts';

/** The parts of `ESC [ parameters intermediates final`. */
export interface Csi {
  readonly parameters: string;
  readonly intermediates: string;
  readonly final: string;
  /** The whole sequence as Latin-1. */
  readonly raw: string;
}

/**
 * What a CSI sequence says. Whatever is no key is a reply, so that nothing a terminal may send is ever typed.
 * `CSI n ; m R` is the cursor's position for us, not F3 with a modifier: the two cannot be told apart.
 *
 * @returns undefined for a key's release.
 */
export function csiEvent({ parameters, intermediates, final, raw }: Csi): KeyEvent | undefined {
  const reply = { type: 'reply', raw } as const;
  if (intermediates !== '' || /[<=>?]/.test(parameters)) return reply;
  if (parameters === '' && (final === 'I' || final === 'O')) return { type: 'focus', focused: final === 'I' };
  if (final === 'R' && parameters !== '') return reply;

  const fields = parameters.split(';').map((field) => field.split(':').map(Number));
  const code = fields[0]?.[0] ?? 0;
  // modifyOtherKeys: CSI 27 ; modifiers ; code ~
  const isOtherKey = final === '~' && code === 27 && fields.length === 3;
  const [modifierParameter = 1, eventType = 1] = fields[1] ?? [];
  const modifiers = readModifiers(modifierParameter);
  if (modifiers === undefined) return reply;
  if (eventType === 3) return undefined;

  if (final === 'u') return (parameters === '' ? undefined : kittyKey(fields, modifiers)) ?? reply;
  if (isOtherKey) return keyByCode(fields[2]?.[0] ?? 0, modifiers) ?? reply;
  return plainCsiKey(code, final, modifiers) ?? reply;
}

function plainCsiKey(code: number, final: string, modifiers: Modifiers): KeyEvent | undefined {
  if (final === 'Z') return namedKey('tab', { ...modifiers, shift: true });
  if (final === '~') return named(keysByNumber.get(code), modifiers);
  // rxvt: CSI 3 ^ is Ctrl-Delete, CSI 3 @ is Ctrl-Shift-Delete
  if (final === '^') return named(keysByNumber.get(code), { ...noModifiers, ctrl: true });
  if (final === '@') return named(keysByNumber.get(code), { ...noModifiers, ctrl: true, shift: true });
  const arrow = rxvtArrows.get(final);
  if (arrow !== undefined && code === 0) return namedKey(arrow, { ...noModifiers, shift: true });
  return named(keysByFinal.get(final), modifiers);
}

/** `CSI code:shifted:base ; modifiers:event ; text u`; only the code is always there. */
function kittyKey(fields: readonly number[][], modifiers: Modifiers): KeyEvent | undefined {
  const [code = 0, shiftedCode = 0] = fields[0] ?? [];
  const textCode = fields[2]?.length === 1 ? (fields[2][0] ?? 0) : 0;
  const typed = textCode || (modifiers.shift ? shiftedCode : 0);
  const typesText = typed > 0x20 && !modifiers.ctrl && !modifiers.alt;
  if (typesText && typed <= 0x10ffff) return characterKey(String.fromCodePoint(typed), modifiers);
  return keyByCode(code, modifiers);
}

function named(name: string | undefined, modifiers: Modifiers): KeyEvent | undefined {
  return name === undefined ? undefined : namedKey(name, modifiers);
}
