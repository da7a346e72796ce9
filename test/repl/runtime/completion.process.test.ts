// biome-ignore-all lint/suspicious/noTemplateCurlyInString: bash's
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { insertCandidate, insertPrefix } from '../../../src/repl/editor/completion/insert-completion.ts';
import { isOneWord, quoteName } from '../../../src/repl/editor/completion/quote-name.ts';
import { wordAtCursor } from '../../../src/repl/editor/completion/word-at-cursor.ts';
import { completionScript, MOST_CANDIDATES } from '../../../src/repl/runtime/completion/completion-script.ts';
import { readCandidates } from '../../../src/repl/runtime/completion/read-candidates.ts';
import { SEED } from '../../helpers/seeded-bytes.ts';

let root: string;
beforeAll(() => {
  root = mkdtempSync(path.join(os.tmpdir(), 'nsh-complete-'));
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

/** Mulberry32. */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

function bash(command: string, env: Record<string, string> = {}): Buffer {
  return execFileSync('bash', ['--noprofile', '--norc', '-c', command], {
    cwd: root,
    env: { PATH: process.env.PATH ?? '', HOME: root, LANG: 'C.UTF-8', ...env },
    stdio: ['ignore', 'pipe', 'ignore'],
  });
}

function complete(line: string, cwd: string, env?: Record<string, string>) {
  const word = wordAtCursor(line, line.length);
  if (word === undefined) throw new Error(`nothing to complete in ${line}`);
  const { base, directory, kind, from, mode } = word;
  const type = kind === 'argument' || directory.length > 0 ? 'path' : kind;
  const query = { type, base, directory, executables: kind === 'command', cwd } as never;
  const { candidates, more } = readCandidates(
    bash(`${completionScript(query, undefined)} || true`, env).toString(),
  );
  const place = { from, cursor: line.length, mode, base, ending: 'space' } as const;
  return { candidates, more, place, names: candidates.map(({ name }) => name) };
}

const NASTY = [
  ...' \t\n\r\x1b\x7f\'"\\$`!*?[]{}()<>|&;#~=^%@:,.-+_aAzZ09',
  'é',
  '日',
  '🙂',
  '\u0301',
  '\u202e',
  '\u00a0',
  '\u0085',
  '$(x)',
  '${x}',
];

test(`what is inserted is read by bash as the file's name (NSH_SEED=${SEED})`, () => {
  const next = random(SEED);
  const pick = <T>(from: readonly T[]): T => from[Math.floor(next() * from.length)] as T;
  const folder = path.join(root, 'nasty dir');
  mkdirSync(folder);
  const made = new Set<string>();
  while (made.size < 120) {
    const name = Array.from({ length: 1 + Math.floor(next() * 8) }, () => pick(NASTY)).join('');
    if (name === '.' || name === '..' || made.has(name)) continue;
    made.add(name);
    if (next() < 0.3) mkdirSync(path.join(folder, name), { recursive: true });
    else writeFileSync(path.join(folder, name), '');
  }
  const lines: string[] = [];
  const wanted: string[] = [];
  const { candidates } = complete('cat "nasty dir"/', root);
  const hidden = complete('cat "nasty dir"/.', root).candidates;
  const all = [...candidates, ...hidden.filter(({ name }) => name !== '..')];
  expect(new Set(all.map(({ name }) => name))).toEqual(made);
  for (const candidate of all) {
    for (const [mode, opener] of [
      ['bare', ''],
      ['single', "'"],
      ['double', '"'],
    ] as const) {
      const first = candidate.name.slice(0, 1);
      // Half of a character, and a control character, cannot be typed.
      const typed = `cat ${opener}${first.isWellFormed() && /[^\p{Cc}]/u.test(first) ? quoteName(first, mode) : ''}`;
      const word = wordAtCursor(typed, typed.length);
      if (word === undefined) throw new Error(`nothing to complete in ${typed}`);
      const { from, base } = word;
      const place = { from, cursor: typed.length, mode, base, ending: 'space' } as const;
      const { text, to } = insertCandidate(typed, place, candidate);
      let line = typed.slice(0, from) + text + typed.slice(to);
      // Behind a directory the quotes stay open.
      if (candidate.kind === 'directory') line += opener;
      lines.push(line.slice(4));
      wanted.push(candidate.kind === 'directory' ? `${candidate.name}/` : candidate.name);
    }
  }
  const read = bash(lines.map((line) => `printf '%s\\0' ${line}`).join('\n'))
    .toString()
    .split('\0');
  read.pop();
  expect(read).toEqual(wanted);
});

test(`what a completion function has quoted itself is put in as it is only where bash reads one word (NSH_SEED=${SEED})`, () => {
  const next = random(SEED);
  const texts = Array.from({ length: 20_000 }, () =>
    Array.from({ length: 1 + Math.floor(next() * 6) }, () => NASTY[Math.floor(next() * NASTY.length)]).join(
      '',
    ),
  ).filter((text) => isOneWord(text));
  expect(texts.length).toBeGreaterThan(1_000);
  // At once: a regular expression that tries all ways would never come back.
  expect(isOneWord(`${'$aa'.repeat(1_000)};`)).toBe(false);
  const script = texts.map((text) => `set -- x${text}; echo "$#"`).join('\n');
  const counts = bash(`set -f +B; PATH=; ${script}`).toString();
  expect(counts).toBe('1\n'.repeat(texts.length));
});

test('names that are no UTF-8 are inserted as the bytes that they are', () => {
  const folder = path.join(root, 'bytes');
  mkdirSync(folder);
  const names = [Buffer.from([0x61, 0xff, 0x62]), Buffer.from([0x61, 0xfe, 0x27, 0x20])];
  for (const name of names) writeFileSync(Buffer.concat([Buffer.from(`${folder}/`), name]), '');
  const found = complete('cat bytes/a', root);
  expect(found.candidates).toHaveLength(2);
  expect(insertPrefix(found.place, found.candidates)).toBeUndefined();
  const read = found.candidates.map((candidate) =>
    bash(`printf %s ${insertCandidate('cat bytes/a', found.place, candidate).text}`),
  );
  expect(read.map((name) => name.toString('hex')).sort()).toEqual(names.map((n) => n.toString('hex')).sort());
  const quoted = complete('cat "bytes/a', root);
  const [first] = quoted.candidates;
  if (first === undefined) throw new Error('nothing found');
  const { text } = insertCandidate('cat "bytes/a', quoted.place, first);
  expect(names.map((n) => n.toString('hex'))).toContain(bash(`printf %s "${text}`).toString('hex'));
});

test('directories, hidden files, programs, links', () => {
  const folder = path.join(root, 'kinds');
  bash(
    `mkdir -p kinds/dir kinds/.hid && cd kinds && touch file .file && printf x >run && chmod +x run && ln -s dir link`,
  );
  const kinds = (line: string) =>
    complete(line, folder).candidates.map(({ name, kind }) => `${kind} ${name}`);
  expect(kinds('cat ')).toEqual(['directory dir', 'file file', 'directory link', 'file run']);
  expect(kinds('cat .').filter((kind) => !kind.endsWith('..'))).toEqual(['file .file', 'directory .hid']);
  expect(kinds('./')).toEqual(['directory dir', 'directory link', 'file run']);
  expect(kinds('cd ..')).toContain('directory ..');
  expect(kinds('cat ~/kinds/f')).toEqual(['file file']);
  expect(complete('cat $WHERE/f', '/', { WHERE: folder }).names).toEqual(['file']);
  expect(complete('cat $NOWHERE/f', folder).names).toEqual([]);
  expect(complete('cat f', path.join(root, 'none')).names).toEqual([]);
});

test('of very many files the first are told, and what all begin with', () => {
  const folder = path.join(root, 'many');
  mkdirSync(folder);
  for (let n = 0; n < MOST_CANDIDATES + 100; n += 1) writeFileSync(path.join(folder, `common-${n}`), '');
  const { candidates, more, place } = complete('cat many/c', root);
  expect(more).toBe(true);
  expect(candidates).toHaveLength(MOST_CANDIDATES + 1);
  expect(insertPrefix(place, candidates)?.text).toBe('common-');
});

test('commands, builtins, keywords, variables and users', () => {
  expect(complete('compg', '/').candidates).toEqual([{ name: 'compgen', kind: 'builtin' }]);
  expect(complete('whil', '/').candidates).toContainEqual({ name: 'while', kind: 'keyword' });
  expect(complete('mkdi', '/').candidates).toContainEqual({ name: 'mkdir', kind: 'command' });
  expect(complete('echo $HOM', '/').candidates).toContainEqual({ name: 'HOME', kind: 'variable' });
  expect(complete('cd ~roo', '/').candidates).toContainEqual({ name: 'root', kind: 'user' });
  expect(complete('__nsh_sh', '/').names).toEqual([]);
  expect(complete('a\'b"$(x', '/').names).toEqual([]);
});
