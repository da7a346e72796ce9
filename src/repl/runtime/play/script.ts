import type { KeyPress } from '../../editor/key-event.ts';

/** One line of a script of `nsh play`. `line`: its number, from 1. */
export type PlayStep = {
  readonly line: number;
} /** Typed, then Enter; unless `noWait`, the command's end is waited for. */ & (
  | { readonly kind: 'line'; readonly text: string; readonly noWait: boolean }
  /** Shown above the prompt, not typed. */
  | { readonly kind: 'comment'; readonly text: string }
  /** Typed without Enter. */
  | { readonly kind: 'type'; readonly text: string }
  | { readonly kind: 'keys'; readonly keys: readonly KeyPress[] }
  /** ms */
  | { readonly kind: 'pause'; readonly ms: number }
  /** Until nothing runs or waits any more. */
  | { readonly kind: 'wait' }
  /** An empty line: counts inside of a command alone. */
  | { readonly kind: 'blank' }
);

/** A script that cannot be played; the message says where and what to do. */
export class PlayScriptError extends Error {
  override name = 'PlayScriptError';
}

/** Directives and what they do, for messages and the documentation. */
const DIRECTIVES: readonly (readonly [string, string])[] = [
  ['#pause TIME', 'waits: `#pause 2s`, `#pause 300ms`'],
  ['#nowait', 'the end of the next command is not waited for: what follows is typed while it runs'],
  ['#wait', 'waits until nothing runs or waits any more'],
  ['#type TEXT', 'types TEXT without Enter'],
  ['#key KEY…', 'presses keys: `#key tab`, `#key Ctrl-X Ctrl-E`'],
];

/** What a script may hold, for the documentation. */
export const playLines: readonly (readonly [string, string])[] = [
  ['# text', 'a comment: shown, not typed; inside of a command of several lines it is typed'],
  ['## text', 'a note that nobody sees'],
  ['\\#text', 'typed as `#text`'],
  ...DIRECTIVES,
];

const NAMED_KEYS = new Set(
  'space enter tab backspace escape up down left right home end insert delete pageup pagedown'.split(' '),
);
const LONGEST_PAUSE_MS = 60 * 60 * 1000;

/**
 * Reads a script: lines to type, comments (`# text`), directives (`#pause 2s`), notes that nobody sees (`## text`). A line
 * that begins with `\#` is typed with its `#`.
 *
 * @throws PlayScriptError at the first line that is wrong
 */
export function parsePlayScript(script: string): PlayStep[] {
  const steps: PlayStep[] = [];
  let noWait = false;
  const lines = script.replace(/\r\n?/g, '\n').replace(/\n$/, '').split('\n');
  for (const [index, text] of lines.entries()) {
    const line = index + 1;
    if (text.startsWith('##') || (line === 1 && text.startsWith('#!'))) continue;
    if (text.trim() === '#nowait') noWait = true;
    else if (/^#[A-Za-z]/.test(text)) steps.push(directive(text.trim(), line));
    else if (text.startsWith('#')) steps.push({ line, kind: 'comment', text });
    else if (text.trim() === '') steps.push({ line, kind: 'blank' });
    else {
      const control = text.search(/[\x00-\x08\x0b-\x1f\x7f]/);
      if (control >= 0) throw wrong(line, 'holds a control character: `#key` presses keys');
      steps.push({ line, kind: 'line', text: text.startsWith('\\#') ? text.slice(1) : text, noWait });
      noWait = false;
    }
  }
  return steps;
}

const wrong = (line: number, what: string) => new PlayScriptError(`line ${line} ${what}.`);

function directive(text: string, line: number): PlayStep {
  const [word = '', ...rest] = text.split(/\s+/);
  const argument = text.slice(word.length).trim();
  switch (word) {
    case '#pause':
      return { line, kind: 'pause', ms: milliseconds(argument, line) };
    case '#wait':
      return { line, kind: 'wait' };
    case '#type':
      if (argument === '') throw wrong(line, 'has nothing to type: `#type TEXT`');
      return { line, kind: 'type', text: argument };
    case '#key':
      if (argument === '') throw wrong(line, 'names no key: `#key tab`');
      return { line, kind: 'keys', keys: rest.map((name) => keyNamed(name, line)) };
  }
  const known = DIRECTIVES.map(([form]) => `\`${form}\``).join(', ');
  throw wrong(
    line,
    `has \`${word}\`, which is no directive: there are ${known}. A comment has a blank after its #, a line to type begins with \\#`,
  );
}

function milliseconds(text: string, line: number): number {
  const [, number, unit] = /^(\d+(?:\.\d+)?)(ms|s)$/.exec(text) ?? [];
  const ms = Number(number) * (unit === 's' ? 1000 : 1);
  if (ms <= LONGEST_PAUSE_MS) return ms;
  throw wrong(line, `has \`#pause ${text}\`: a time is \`2s\`, \`1.5s\` or \`300ms\`, one hour at most`);
}

/** @param name as in help (`Ctrl-C`), or as `ctrl+c` */
function keyNamed(name: string, line: number): KeyPress {
  const parts = name.toLowerCase().split(/[-+](?=.)/);
  const key = parts.pop() ?? '';
  const has = (modifier: string) => parts.includes(modifier);
  const isKnown = NAMED_KEYS.has(key) || /^f([1-9]|1[0-2])$/.test(key) || [...key].length === 1;
  if (!isKnown || parts.some((part) => !['ctrl', 'alt', 'shift'].includes(part))) {
    throw wrong(
      line,
      `names the key \`${name}\`, which there is not: as \`tab\`, \`up\`, \`Ctrl-C\`, \`Alt-B\`, \`F1\``,
    );
  }
  const [ctrl, alt, shift] = [has('ctrl'), has('alt'), has('shift')];
  const typed = [...key].length === 1 && !ctrl && !alt ? { text: key } : {};
  return { type: 'key', name: key, ctrl, alt, shift, ...typed };
}
