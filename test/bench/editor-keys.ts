import { applyEdit } from '../../src/repl/editor/apply-edit.ts';
import type { EditCommand } from '../../src/repl/editor/edit-command.ts';
import { type Editor, emptyEditor } from '../../src/repl/editor/editor.ts';
import { layOut } from '../../src/repl/editor/layout.ts';

/** Texts of about a megabyte, as a paste could bring them. */
const texts: Record<string, string> = {
  'lines of ASCII': 'echo hello world\n'.repeat(60_000),
  'one line of ASCII': 'x'.repeat(1_000_000),
  'lines with emoji': 'echo 👨‍👩‍👧 hi\n'.repeat(40_000),
  'one line of ideographs': '語'.repeat(500_000),
  'empty lines': '\n'.repeat(1_000_000),
};

const keys: Record<string, readonly EditCommand[]> = {
  'type at the end': [{ type: 'insert', text: 'a' }],
  left: [{ type: 'move-left' }],
  up: [{ type: 'move-up' }],
  'to the start, type': [{ type: 'move-text-start' }, { type: 'insert', text: 'b' }],
  'word right': [{ type: 'move-word-right' }],
  backspace: [{ type: 'delete-left' }],
  undo: [{ type: 'undo' }],
};

const screen = {
  width: 79,
  maxRows: 21,
  prompt: '❯ ',
  continuation: '· ',
  more: { above: '↑ ', below: '↓ ' },
};
const TIMES = 50;

/** What a key costs in a pasted megabyte: the edit and the layout, without the drawing of the frame. */
export async function run(): Promise<void> {
  for (const [name, text] of Object.entries(texts)) {
    let editor: Editor = emptyEditor;
    const timed = (command: EditCommand) => {
      const began = performance.now();
      editor = applyEdit(editor, command);
      layOut(editor.buffer, screen);
      return performance.now() - began;
    };
    const paste = timed({ type: 'paste', text });
    console.log(`${name}: paste ${paste.toFixed(1)} ms`);
    for (const [label, commands] of Object.entries(keys)) {
      const times = Array.from({ length: TIMES }, () => commands.map(timed))
        .flat()
        .sort((a, b) => a - b);
      const at = (share: number) => (times[Math.floor(times.length * share)] ?? 0).toFixed(2);
      console.log(`  ${label.padEnd(20)} p50 ${at(0.5)} ms, p95 ${at(0.95)} ms`);
    }
  }
}
