import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createBuffer } from '../../../src/repl/editor/edit-buffer.ts';
import { highlight } from '../../../src/repl/editor/highlight/highlight.ts';
import { lexShell } from '../../../src/repl/editor/highlight/lex-shell.ts';
import { layOut } from '../../../src/repl/editor/layout.ts';
import { shellCheck } from '../../../src/repl/editor/unfinished.ts';
import { nastyText } from './nasty-text.ts';

/** `c[…]` is a command, k a keyword, s a string, # a comment, u what is unfinished. */
function marked(text: string): string {
  let out = '';
  let index = 0;
  for (const { start, end, kind } of lexShell(text)) {
    const mark = kind === 'comment' ? '#' : kind.charAt(0);
    out += `${text.slice(index, start)}${mark}[${text.slice(start, end)}]`;
    index = end;
  }
  return (out + text.slice(index)).replaceAll('][', '').replace(/\](s|c)\[/g, (_all, mark) => `]${mark}[`);
}

test.each([
  ['ls -la | grep foo && A=1 make x', 'c[ls] -la | c[grep] foo && A=1 c[make] x'],
  ['echo a#b # note', 'c[echo] a#b #[# note]'],
  ['x=1\ny', 'x=1\nc[y]'],
  ['x=$(a b) c', 'x=$(c[a] b) c[c]'],
  ['$cmd x; "a" b', '$cmd x; s["]s[a]s["] b'],
  ['>out cmd 2>&1 &', '>out c[cmd] 2>&1 &'],
  ['a &>f; b', 'c[a] &>f; c[b]'],
  ['for i in 1 2; do a $i; done; b', 'k[for] i in 1 2; k[do] c[a] $i; k[done]; c[b]'],
  ['if a; then b; else c; fi', 'k[if] c[a]; k[then] c[b]; k[else] c[c]; k[fi]'],
  ['case x in a|b) c | d ;; e) f;; esac; g', 'k[case] x in a|b) c[c] | c[d] ;; e) c[f];; k[esac]; c[g]'],
  ['case x in\na)\nb\n;;\nesac', 'k[case] x in\na)\nc[b]\n;;\nk[esac]'],
  ['f() { a; }; ((i++)); b', 'c[f]() k[{] c[a]; k[}]; ((i++)); c[b]'],
  ['a=(1 2) c', 'a=(1 2) c[c]'],
  ['[[ -n a && b < c ]] && d', 'k[[[] -n a && b < c k[]]] && c[d]'],
  ['(cd x; ls) | wc', '(c[cd] x; c[ls]) | c[wc]'],
  ['diff <(a b) <(c)', 'c[diff] <(c[a] b) <(c[c])'],
  ['echo $((1+(2))) if', 'c[echo] $((1+(2))) if'],
  ['`a b` c', '`c[a] b` c'],
  ["echo 'a b'c $'d\\'' e", "c[echo] s[']s[a b]s[']c s[$']s[d\\']s['] e"],
  ['echo "a $(b "c") d"', 'c[echo] s["]s[a ]$(c[b] s["]s[c]s["])s[ d]s["]'],
  // biome-ignore lint/suspicious/noTemplateCurlyInString: a parameter of the shell
  ['echo ${a:-"b"} c', 'c[echo] ${a:-s["]s[b]s["]} c'],
  ['cat <<E | wc\nx\nE\nls', 'c[cat] <<E | c[wc]\ns[x\nE]\nc[ls]'],
  ["cat <<-'E F'\n\tE F\nls", "c[cat] <<-'E F'\ns[\tE F]\nc[ls]"],
  ['a |\n b', 'c[a] |\n c[b]'],
  ['! time a', 'k[!] k[time] c[a]'],
  [':set keys vi', 'c[:set] keys vi'],
  ['echo $', 'c[echo] $'],
  ['echo "a', 'c[echo] u["]s[a]'],
  ["echo 'a b", "c[echo] u[']s[a b]"],
  ['if a; then', 'u[if] c[a]; k[then]'],
  ['a && # why', 'c[a] u[&&] #[# why]'],
  ['a \\', 'c[a] u[\\]'],
  ['echo "$(b', 'c[echo] u["]u[$(]c[b]'],
  ['cat <<E\nx', 'c[cat] u[<<E]\ns[x]'],
])('%j', (text, expected) => {
  expect(marked(text)).toBe(expected.replaceAll('][', ''));
});

describe('what is marked as unfinished', () => {
  // biome-ignore format: a table
  test.each([
    'if true', 'if true; then a', 'for i in 1 2; do', 'while :; do a', 'case x in', 'case x in a) b ;;', 'f() { a;', '{ a;',
    '(a', '((1+', '[[ -n a', 'a &&', 'a ||', 'a | ', 'a |& # why', 'echo "a', "echo 'a", "echo $'a", 'echo `a', 'echo $(a',
    'echo "$(if x', 'echo ${a', 'echo $((1', 'a=(1 2', 'a <(b', 'cat <<E', "cat <<'E F'\nE\n", 'cat <<A <<B\n1\nA', '(cat <<E\nE',
    'echo \\', 'echo a\\\\\\', 'echo "a\\', 'if a; then b; fi', 'for i in 1; do a; done', 'case x in a) b ;; esac',
    'f() { a; }', 'cat <<E\nfoo\nE', "cat <<'E F'\nE\nE F", 'a &', 'echo {a', '[ a', 'echo if', 'echo "(" \')\'', 'echo \\\\',
    'a; b | c && d', 'echo é 語', 'echo "$(a "b" `c`)"', 'x=(1 "$(a)") y', 'echo $((1 + (2)))', 'a <<<"b"', `echo ${'$'}{a//\\//b}`,
    'while read -r l; do echo "$l"; done < <(a)', '[[ a =~ ^(b|c)$ ]]', 'until a; do :; done & wait', 'select x in a; do b; done',
  ])('is so for the parser: %j', async (text) => {
    const parsed = (await shellCheck.examine(text)).kind === 'unfinished';
    expect(lexShell(text).some(({ kind }) => kind === 'unfinished')).toBe(parsed);
  });
});

describe('whatever the text is', () => {
  const shellish = fc
    .array(
      fc.oneof(
        nastyText,
        // biome-ignore format: a table
        fc.constantFrom('"', "'", '`', '$(', '${', '$((', '((', '))', ')', '}', '(', '{ ', '<<E\n', '\nE\n', '\\', ' | ', ' && ', ';;',
          'if ', ' fi', 'case x in ', 'esac', '[[ ', ' ]]', 'a=(', '# ', '\n', ' ', 'x', '$', '>', '<'),
      ),
      { maxLength: 30 },
    )
    .map((parts) => parts.join(''));

  test('spans are in order, apart and within the text', () => {
    fc.assert(
      fc.property(shellish, (text) => {
        let index = 0;
        for (const { start, end } of lexShell(text)) {
          expect(start).toBeGreaterThanOrEqual(index);
          expect(end).toBeGreaterThan(start);
          index = end;
        }
        expect(index).toBeLessThanOrEqual(text.length);
      }),
      { numRuns: 1000 },
    );
  });

  test('colours change nothing in what is shown, nor where the cursor stands', () => {
    fc.assert(
      fc.property(shellish, fc.nat(200), fc.integer({ min: 1, max: 20 }), (text, place, width) => {
        const buffer = createBuffer(text, place);
        const options = {
          width,
          maxRows: 30,
          prompt: '$ ',
          continuation: '> ',
          more: { above: '^ ', below: 'v ' },
        };
        const flat = ({ rows, ...rest }: ReturnType<typeof layOut>) => ({
          ...rest,
          rows: rows.map(({ pieces, ...row }) => ({
            ...row,
            text: pieces.map((piece) => piece.text).join(''),
          })),
        });
        expect(flat(layOut(buffer, options, highlight(buffer.text)))).toEqual(flat(layOut(buffer, options)));
      }),
      { numRuns: 500 },
    );
  });
});

test('a text too long to be code stays plain', () => {
  expect(highlight('echo "a"\n'.repeat(10_000))).toEqual([]);
  expect(highlight('echo').map(({ kind }) => kind)).toEqual(['command']);
});
