import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createKeyParser } from '../../../src/repl/runtime/keys/read-keys-parser.ts';
import { SEED } from '../../helpers/seeded-bytes.ts';
import { nastyText } from '../editor/nasty-text.ts';
import { applyToModel, bytesOf, plainKeys, type Stroke } from './key-strokes.ts';
import { ModelEditor } from './model-editor.ts';
import { NOW, type Played, play, start } from './play.ts';

type TestedStroke =
  | (Stroke & { readonly cuts: readonly number[] })
  /** Only looked at from outside: undo and redo lead to a state that was there, up and down to another line. */
  | { readonly kind: 'undo' | 'vertical'; readonly bytes: string };

const typed = nastyText
  .map((text) => text.replace(/[\p{Cc}]/gu, '').toWellFormed())
  .filter((text) => text !== '');
const pasted = nastyText.map((text) => text.replaceAll('\x1b', '').toWellFormed());
const cuts = fc.array(fc.nat(80), { maxLength: 4 });

const stroke: fc.Arbitrary<TestedStroke> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc
      .constantFrom(...plainKeys)
      .map(([bytes, does]): TestedStroke => ({ kind: 'plain', bytes, does, cuts: [] })),
  },
  { weight: 4, arbitrary: typed.map((text): TestedStroke => ({ kind: 'type', text, cuts: [] })) },
  {
    weight: 1,
    arbitrary: fc.tuple(pasted, cuts).map(([text, at]): TestedStroke => ({ kind: 'paste', text, cuts: at })),
  },
  { weight: 1, arbitrary: fc.constant<TestedStroke>({ kind: 'type', text: '\n', cuts: [] }) },
  {
    weight: 1,
    arbitrary: fc.constantFrom('\x1f', '\x1b/').map((bytes): TestedStroke => ({ kind: 'undo', bytes })),
  },
  {
    weight: 1,
    arbitrary: fc
      .constantFrom('\x1b[A', '\x1b[B')
      .map((bytes): TestedStroke => ({ kind: 'vertical', bytes })),
  },
);

function cutUp(bytes: Buffer, at: readonly number[]): Buffer[] {
  const borders = [0, ...at.map((cut) => Math.min(cut, bytes.length)).sort((a, b) => a - b), bytes.length];
  return borders.slice(1).map((end, index) => bytes.subarray(borders[index], end));
}

test('from the bytes of the keys to the text: after each key the editor is where the model is', () => {
  fc.assert(
    fc.property(fc.array(stroke, { minLength: 1, maxLength: 60 }), (strokes) => {
      const parser = createKeyParser();
      const model = new ModelEditor();
      const seen = new Set(['']);
      let at: Played = start();
      for (const one of strokes) {
        const parts = 'cuts' in one ? cutUp(Buffer.from(bytesOf(one)), one.cuts) : [Buffer.from(one.bytes)];
        const keys = parts.flatMap((part) => parser.feed(part));
        expect(parser.pending).toBe(false);
        at = keys.reduce((before, key) => play(before, { type: 'key', key, now: NOW }), at);
        if ('cuts' in one) applyToModel(model, one);

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
