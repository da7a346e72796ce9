import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type ExternalEdit, editExternally } from '../../../src/repl/runtime/terminal/external-editor.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'nsh-editor-test-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** An editor as a script: the file to edit is its last argument. */
function editorScript(body: string, mode = 0o755): string {
  const file = path.join(folder, 'my editor');
  writeFileSync(file, `#!/bin/sh\nfor file; do :; done\n${body}\n`, { mode });
  return `'${file}'`;
}

async function edit(text: string, env: NodeJS.ProcessEnv): Promise<ExternalEdit & { lent: string[] }> {
  const lent: string[] = [];
  const outcome = await editExternally({
    text,
    env: { PATH: process.env.PATH, ...env },
    signal: new AbortController().signal,
    async lendTerminal(body) {
      lent.push('lent');
      await body();
      lent.push('back');
    },
  });
  return { ...outcome, lent };
}

test('the editor gets the text in a file of its owner alone, and what it saves comes back', async () => {
  const seen = path.join(folder, 'seen');
  const editor = editorScript(
    `stat -c %a "$file" "$(dirname "$file")" >'${seen}'; cat "$file" >>'${seen}'; echo "$file" >'${seen}.path'
     printf 'two\\nlines \u00e4\\n' >"$file"`,
  );
  expect(await edit('for x in 1; do\necho "$x"', { VISUAL: `${editor} --wait`, EDITOR: 'false' })).toEqual({
    kind: 'edited',
    text: 'two\nlines ä',
    lent: ['lent', 'back'],
  });
  expect(readFileSync(seen, 'utf8')).toBe('600\n700\nfor x in 1; do\necho "$x"\n');
  expect(existsSync(path.dirname(readFileSync(`${seen}.path`, 'utf8').trim()))).toBe(false);
});

test.each<[string, string, RegExp]>([
  ['a non-zero exit', 'echo changed >"$file"; exit 3', /exit status 3\. The line is as it was\.$/],
  ['a deleted file', 'rm "$file"', /deleted its file/],
])('%s keeps the text', async (_what, body, message) => {
  const outcome = await edit('kept', { EDITOR: editorScript(body) });
  expect(outcome).toMatchObject({ kind: 'refused', message: expect.stringMatching(message) });
});

test('an editor that is not there is named, with where its name came from', async () => {
  expect(await edit('kept', { EDITOR: 'no-such-editor-here' })).toMatchObject({
    kind: 'refused',
    message: expect.stringMatching(
      /no editor `no-such-editor-here` \(EDITOR=no-such-editor-here\)\. Set VISUAL/,
    ),
  });
  expect(await edit('kept', { PATH: folder })).toMatchObject({
    kind: 'refused',
    message: expect.stringMatching(/no editor `vi` \(neither VISUAL nor EDITOR is set\)/),
  });
  expect(await edit('kept', { EDITOR: editorScript('true', 0o644) })).toMatchObject({
    message: expect.stringMatching(/cannot be run/),
  });
});

test('an editor that crashes leaves its file, and the message says where', async () => {
  const outcome = await edit('kept', { EDITOR: editorScript('echo half done >"$file"; kill -SEGV $$') });
  expect(outcome.kind).toBe('refused');
  const file = outcome.kind === 'refused' ? /saved is in (\S+)$/.exec(outcome.message)?.[1] : undefined;
  expect(readFileSync(file ?? '', 'utf8')).toBe('half done\n');
  expect(readdirSync(path.dirname(file ?? ''))).toEqual(['command.sh']);
  rmSync(path.dirname(file ?? ''), { recursive: true });
});
