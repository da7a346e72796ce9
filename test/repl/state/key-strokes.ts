import type { ModelEditor } from './model-editor.ts';

type Plain = {
  [Name in keyof ModelEditor]: ModelEditor[Name] extends () => void ? Name : never;
}[keyof ModelEditor];

/** What a terminal sends for a key, and what the key should do. */
export const plainKeys: readonly (readonly [bytes: string, does: Plain])[] = [
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

export type Stroke =
  | { readonly kind: 'plain'; readonly bytes: string; readonly does: Plain }
  | { readonly kind: 'type' | 'paste'; readonly text: string };

export function bytesOf(stroke: Stroke): string {
  if (stroke.kind === 'paste') return `\x1b[200~${stroke.text}\x1b[201~`;
  return 'text' in stroke ? stroke.text : stroke.bytes;
}

export function applyToModel(model: ModelEditor, stroke: Stroke): void {
  if (stroke.kind === 'plain') model[stroke.does]();
  else if (stroke.kind === 'type') model.insert(stroke.text);
  else model.insert(stroke.text.replaceAll('\0', ''));
}
