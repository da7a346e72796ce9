import { setTimeout } from 'node:timers/promises';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createBuffer } from '../../src/repl/editor/edit-buffer.ts';
import { layOut } from '../../src/repl/editor/layout.ts';
import { createPlace } from '../helpers/repl.ts';
import { SEED } from '../helpers/seeded-bytes.ts';
import type { TerminalSession } from '../helpers/terminal.ts';
import { applyToModel, bytesOf, plainKeys, type Stroke } from '../repl/state/key-strokes.ts';
import { ModelEditor } from '../repl/state/model-editor.ts';

const ROUNDS = 150;
const CTRL_L = '\x0c';
const CTRL_C = '\x03';
const prefixes = { prompt: '❯ ', continuation: '· ', more: { above: '↑ ', below: '↓ ' } };

/** Characters that the emulator gives the same width as the terminals that nsh is made for. */
const text = fc
  .array(fc.constantFrom(...'ab z.-"\'$(#|', 'é', 'e\u0301', '語', '👍', 'echo ', 'a long word '), {
    minLength: 1,
    maxLength: 12,
  })
  .map((parts) => parts.join(''));

const stroke: fc.Arbitrary<Stroke> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.constantFrom(...plainKeys).map(([bytes, does]): Stroke => ({ kind: 'plain', bytes, does })),
  },
  { weight: 5, arbitrary: text.map((typed): Stroke => ({ kind: 'type', text: typed })) },
  {
    weight: 1,
    arbitrary: fc
      .array(text, { maxLength: 30 })
      .map((lines): Stroke => ({ kind: 'paste', text: lines.join('\n') })),
  },
  { weight: 1, arbitrary: fc.constant<Stroke>({ kind: 'type', text: '\n' }) },
);

interface Round {
  readonly strokes: readonly Stroke[];
  readonly printed: number;
  /** Cells of each printed line behind its number: some are wider than every terminal of the test. */
  readonly padding: number;
  /** Sizes as parts of the largest one. Between two of them, ms, the terminal stays as it is. */
  readonly sizes: readonly { readonly columns: number; readonly rows: number; readonly pause: number }[];
  /** While nsh draws what was typed and prints, or when it has done. */
  readonly resizes: 'while drawing' | 'at rest';
}

const part = fc.double({ min: 0.4, max: 1, noNaN: true });

const round: fc.Arbitrary<Round> = fc.record({
  strokes: fc.array(stroke, { minLength: 1, maxLength: 12 }),
  printed: fc.constantFrom(0, 0, 0, 1, 5, 40),
  padding: fc.constantFrom(0, 0, 15, 130),
  sizes: fc.oneof(
    fc.constant([]),
    fc.array(fc.record({ columns: part, rows: part, pause: fc.constantFrom(0, 0, 3, 20, 60) }), {
      maxLength: 5,
    }),
  ),
  resizes: fc.constantFrom('while drawing', 'at rest'),
});

/** Whether the live frame is what the model's text looks like, the terminal's cursor included. */
function showsModel(nsh: TerminalSession, model: ModelEditor, columns: number, rows: number): boolean {
  const screen = nsh.screen().split('\n');
  const status = screen.length - 1;
  if (!screen[status]?.startsWith('main')) return false;
  // One row is the status line, one stays free.
  const layout = layOut(createBuffer(model.text, model.offset), {
    ...prefixes,
    width: columns - 1,
    maxRows: rows - 2,
  });
  const wanted = layout.rows.map((row) =>
    (row.prefix + row.pieces.map((piece) => piece.text).join('')).trimEnd(),
  );
  const first = status - wanted.length;
  const shown = screen.slice(Math.max(0, first), status).map((row) => row.trimEnd());
  const { column, row, hidden } = nsh.cursor();
  return (
    !hidden &&
    JSON.stringify(shown) === JSON.stringify(wanted) &&
    row === first + layout.cursorRow &&
    column === layout.cursorColumn
  );
}

/** More than one is a ghost: what was left of a frame when the terminal was resized. */
const prompts = (nsh: TerminalSession) => nsh.screen().match(/^❯( |$)/gm)?.length ?? 0;

test.each([
  [100, 30],
  [60, 16],
])(
  `at most %dx%d: ${ROUNDS} rounds of random keys, pastes, output and resizes`,
  async (mostColumns, mostRows) => {
    await using place = createPlace();
    using nsh = await place.open([], { columns: mostColumns, rows: mostRows });
    nsh.write(':set suggestions off\r');
    await nsh.waitFor(/^❯ *$/m);
    let [columns, rows] = [mostColumns, mostRows];
    let printed = 0;
    /** Lines up to this one may have been cleared from the screen. */
    let cleared = 0;
    const model = new ModelEditor();
    for (const [number, one] of fc.sample(round, { numRuns: ROUNDS, seed: SEED }).entries()) {
      const { strokes, sizes, resizes } = one;
      const told = () => `round ${number}, NSH_SEED=${SEED}, now ${columns}x${rows}: ${JSON.stringify(one)}`;
      const waitUntil = (condition: (screen: string) => boolean, what: string) =>
        nsh.waitFor(condition).catch((error: Error) => {
          throw new Error(`${told()}\n${what}\n${error.message}`);
        });
      const shows = () =>
        waitUntil(
          () => showsModel(nsh, model, columns, rows),
          `model ${JSON.stringify([model.text, model.offset])}`,
        );
      const resize = async () => {
        for (const size of sizes) {
          columns = Math.round(mostColumns * size.columns);
          rows = Math.round(mostRows * size.rows);
          nsh.resize(columns, rows);
          if (size.pause > 0) await setTimeout(size.pause);
        }
      };
      if (one.printed > 0) {
        const format = `${'x'.repeat(one.padding)} line %g`;
        nsh.write(`seq -f '${format}' ${printed + 1} ${printed + one.printed}\r`);
        printed += one.printed;
        model.insert('seq');
        model.clear();
      }
      if (resizes === 'while drawing') {
        const half = Math.ceil(strokes.length / 2);
        for (const stroke of strokes.slice(0, half)) nsh.write(bytesOf(stroke));
        await resize();
        for (const stroke of strokes.slice(half)) nsh.write(bytesOf(stroke));
        for (const stroke of strokes) applyToModel(model, stroke);
      } else {
        for (const stroke of strokes) {
          nsh.write(bytesOf(stroke));
          applyToModel(model, stroke);
        }
        await shows();
        await resize();
      }
      await shows();
      const text = model.text;
      // On an empty line Ctrl-C would be told that nothing runs.
      if (text !== '') nsh.write(CTRL_C);
      model.clear();
      await shows();
      // At rest: nothing of this round comes into the next one.
      // A ghost may stand between.
      const hasEnded = () => /^✓ /m.test(nsh.history().split(` line ${printed}\n`)[1] ?? '');
      if (one.printed > 0) await waitUntil(hasEnded, `the end behind line ${printed}`);
      const shown = [...nsh.history().matchAll(/ line (\d+)$/gm)].map(([, number]) => Number(number));
      expect(shown, told()).toEqual([...new Set(shown)].sort((a, b) => a - b));
      const kept = shown.filter((number) => number > cleared);
      expect(kept, told()).toEqual(
        Array.from({ length: printed - cleared }, (_, index) => cleared + index + 1),
      );
      if (prompts(nsh) === 1) continue;
      expect(sizes.length, `${told()}: a ghost without a resize\n${nsh.screen()}`).not.toBe(0);
      nsh.write(CTRL_L);
      cleared = printed;
      await waitUntil(
        () => showsModel(nsh, model, columns, rows) && prompts(nsh) === 1,
        'one prompt behind Ctrl-L',
      );
    }
    nsh.write('\x04');
    expect((await nsh.exited).exitCode).toBe(0);
    expect(nsh.modes()).toMatchObject({
      bracketedPasteMode: false,
      alternateScreen: false,
      wraparoundMode: true,
    });
    expect(nsh.cursor().hidden).toBe(false);
  },
  600_000,
);
