import type { Closer } from './lexer-state.ts';

interface Keyword {
  readonly opens?: Closer;
  readonly closes?: Closer;
  /** Whether a command follows it. */
  readonly command: boolean;
}

/** Bash's reserved words: they count only where a command could stand. */
export const keywords: ReadonlyMap<string, Keyword> = new Map<string, Keyword>([
  ['if', { opens: 'fi', command: true }],
  ['then', { command: true }],
  ['elif', { command: true }],
  ['else', { command: true }],
  ['fi', { closes: 'fi', command: false }],
  ['while', { opens: 'done', command: true }],
  ['until', { opens: 'done', command: true }],
  ['for', { opens: 'done', command: false }],
  ['select', { opens: 'done', command: false }],
  ['do', { command: true }],
  ['done', { closes: 'done', command: false }],
  ['case', { opens: 'esac', command: false }],
  ['esac', { closes: 'esac', command: false }],
  ['{', { opens: '}', command: true }],
  ['}', { closes: '}', command: false }],
  ['[[', { opens: ']]', command: false }],
  ['!', { command: true }],
  ['time', { command: true }],
  ['coproc', { command: true }],
  ['function', { command: false }],
]);
