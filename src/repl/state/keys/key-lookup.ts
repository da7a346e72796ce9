import type { KeyPress } from '../../editor/key-event.ts';
import { type Binding, type KeyCommand, keymap } from './keymap.ts';

/** `wait`: the key begins a sequence, whose next key decides. */
export type KeyMeaning = KeyCommand | { readonly do: 'wait'; readonly prefix: string };

const byKeys = new Map<string, Binding>();
const prefixes = new Set<string>();
for (const binding of keymap) {
  for (const keys of binding.keys) {
    if (!byKeys.has(keys)) byKeys.set(keys, binding);
    const [first, second] = keys.split(' ');
    if (first !== undefined && second !== undefined) prefixes.add(first);
  }
}

/** `ctrl+a`, `alt+enter`, `shift+up`: the modifiers in that order. */
export function keyName(key: KeyPress): string {
  const shift = key.shift && key.name.length > 1 ? 'shift+' : '';
  return `${key.ctrl ? 'ctrl+' : ''}${key.alt ? 'alt+' : ''}${shift}${key.name}`;
}

/**
 * @param prefix the key pressed before, when it began a sequence
 * @returns undefined when the key, or the sequence, means nothing.
 */
export function meaningOf(key: KeyPress, prefix?: string): KeyMeaning | undefined {
  const name = keyName(key);
  if (prefix !== undefined) return byKeys.get(`${prefix} ${name}`)?.command;
  if (prefixes.has(name)) return { do: 'wait', prefix: name };
  return byKeys.get(name)?.command;
}

/** How a key is called where a person reads it: `Ctrl-X`, `Alt-B`, `Enter`. */
export function shownKey(name: string): string {
  return name
    .split('+')
    .map((part) => part.charAt(0).toUpperCase() + part.slice(1))
    .join('-');
}
