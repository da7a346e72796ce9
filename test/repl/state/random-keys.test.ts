import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createKeyParser } from '../../../src/repl/runtime/read-keys-parser.ts';
import { SEED } from '../../helpers/seeded-bytes.ts';
import { nastyText } from '../editor/nasty-text.ts';
import { ModelEditor } from './model-editor.ts';
import { NOW, type Played, play, start } from './play.ts';

type Plain = {
  [Name in keyof ModelEditor]: ModelEditor[Name] extends () => void ? Name : never;
}[keyof ModelEditor];

/** What a terminal sends, and what it should do. */
const plainKeys: readonly (readonly [bytes: string, does: Plain])[] = [
  ['\x1b[D', 'left'],
  ['\x02', 'left'],
  ['\x1b[C', 'right'],
  ['\x06', 'right'],
  ['\x1bb', 'wordLeft'],
  ['\x1b[1;5D', 'wordLeft'],
  ['\x1bf', 'wordRight'],
  ['\x1b[1;3C', 'wordRight'],
  ['\x01', 'lineStart'],
  ['\x1b[H', 'lineStart'],
  ['\x05', 'lineEnd'],
  ['\x1bOF', 'lineEnd'],
  ['\x1b<', 'textStart'],
  ['\x1b>', 'textEnd'],
  ['\x7f', 'backspace'],
  ['\x08', 'backspace'],
  ['\x1b[3~', 'delete'],
  ['\x0b', 'killToEnd'],
  ['\x15', 'killToStart'],
  ['\x17', 'killArgumentLeft'],
  ['\x1b\x7f', 'killWordLeft'],
  ['\x1bd', 'killWordRight'],
  ['\x19', 'yank'],
  ['\x1by', 'yankPop'],
];

type Stroke =
  | { readonly kind: 'plain'; readonly bytes: string; readonly does: Plain }
  | { readonly kind: 'type' | 'paste'; readonly text: string; readonly cuts: readonly number[] }
  /** Only looked at from outside: undo and redo lead to a state that was there, up and down to another line. */
  | { readonly kind: 'undo' | 'vertical'; readonly bytes: string };

const typed = nastyText
  .map((text) => text.replace(/[\p{Cc}]/gu, '').toWellFormed())
  .filter((text) => text !== '');
const pasted = nastyText.map((text) => text.replaceAll('\x1b', '').toWellFormed());
const cuts = fc.array(fc.nat(80), { maxLength: 4 });

const stroke: fc.Arbitrary<Stroke> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.constantFrom(...plainKeys).map(([bytes, does]): Stroke => ({ kind: 'plain', bytes, does })),
  },
  { weight: 4, arbitrary: typed.map((text): Stroke => ({ kind: 'type', text, cuts: [] })) },
  {
    weight: 1,
    arbitrary: fc.tuple(pasted, cuts).map(([text, at]): Stroke => ({ kind: 'paste', text, cuts: at })),
  },
  { weight: 1, arbitrary: fc.constant<Stroke>({ kind: 'type', text: '\n', cuts: [] }) },
  {
    weight: 1,
    arbitrary: fc.constantFrom('\x1f', '\x1b/').map((bytes): Stroke => ({ kind: 'undo', bytes })),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom('\x1b[A', '\x1b[B').map((bytes): Stroke => ({ kind: 'vertical', bytes })),
  },
);

function bytesOf(stroke: Stroke): Buffer {
  if (stroke.kind === 'paste') return Buffer.from(`\x1b[200~${stroke.text}\x1b[201~`);
  return Buffer.from('text' in stroke ? stroke.text : stroke.bytes);
}

function cutUp(bytes: Buffer, at: readonly number[]): Buffer[] {
  const borders = [0, ...at.map((cut) => Math.min(cut, bytes.length)).sort((a, b) => a - b), bytes.length];
  return borders.slice(1).map((end, index) => bytes.subarray(borders[index], end));
}

function applyToModel(model: ModelEditor, stroke: Stroke): void {
  if (stroke.kind === 'plain') model[stroke.does]();
  else if (stroke.kind === 'type') model.insert(stroke.text);
  else if (stroke.kind === 'paste') model.insert(stroke.text.replaceAll('\0', ''));
}

test('from the bytes of the keys to the text: after each key the editor is where the model is', () => {
  fc.assert(
    fc.property(fc.array(stroke, { minLength: 1, maxLength: 60 }), (strokes) => {
      const parser = createKeyParser();
      const model = new ModelEditor();
      const seen = new Set(['']);
      let at: Played = start();
      for (const one of strokes) {
        const parts = cutUp(bytesOf(one), 'cuts' in one ? one.cuts : []);
        const keys = parts.flatMap((part) => parser.feed(part));
        expect(parser.pending).toBe(false);
        at = keys.reduce((before, key) => play(before, { type: 'key', key, now: NOW }), at);
        applyToModel(model, one);

        const { text, cursor } = at.state.editor.buffer;
        if (one.kind === 'undo') expect(seen).toContain(text);
        if (one.kind === 'vertical') expect(text).toBe(model.text);
        if (one.kind === 'undo' || one.kind === 'vertical') model.adopt(text, cursor);
        expect({ text, cursor }).toEqual({ text: model.text, cursor: model.offset });
        expect(model.borders).toContain(cursor);
        seen.add(text);
      }
      expect(at.state.entries).toEqual([]);
    }),
    { numRuns: 500, seed: SEED },
  );
});
