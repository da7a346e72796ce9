import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { explainEnd, type LendTerminal, type ProgramEnd, runAtTerminal } from './run-at-terminal.ts';

export type ExternalEdit =
  | { readonly kind: 'edited'; readonly text: string }
  /** The text is to stay as it was; `message` says why and what to do. */
  | { readonly kind: 'refused'; readonly message: string };

export interface ExternalEditOptions {
  readonly text: string;
  readonly lendTerminal: LendTerminal;
  /** Of this process: VISUAL, EDITOR, TMPDIR and what the editor itself reads. */
  readonly env: NodeJS.ProcessEnv;
  /** Ends the editor: nsh itself is being ended. */
  readonly signal: AbortSignal;
}

/** Bytes. More than a pasted part; what is larger is no command line. */
const MAX_FILE = 16 * 1024 * 1024;

/**
 * Lets the user's own editor change a text: `$VISUAL`, else `$EDITOR`, else `vi`, run as git does, so that it may hold
 * arguments. The file is readable by its owner alone, and deleted afterwards unless something in it would be lost.
 */
export async function editExternally(options: ExternalEditOptions): Promise<ExternalEdit> {
  const { text, env, lendTerminal, signal } = options;
  const [command, from] = editorCommand(env);
  const folder = await makeFolder();
  if ('message' in folder) return { kind: 'refused', message: folder.message };
  // The ending lets editors colour it.
  const file = path.join(folder.path, 'command.sh');
  let keep = false;
  const refuse = (reason: string, keepFile: boolean): ExternalEdit => {
    keep = keepFile;
    const kept = keepFile ? ` What the editor saved is in ${file}` : '';
    return { kind: 'refused', message: `${reason} The line is as it was.${kept}` };
  };
  try {
    // A text file ends its last line, and editors complain of one that does not.
    await writeFile(file, `${text}\n`, { mode: 0o600, flag: 'wx' });
    let end: ProgramEnd | undefined;
    await lendTerminal(async () => {
      end = await runAtTerminal({ command, args: [file], env, signal });
    });
    if (end?.kind !== 'exited' || end.status !== 0) {
      const choose = 'Set VISUAL or EDITOR to an editor of this machine and start nsh again.';
      const reason = explainEnd(end, { kind: 'editor', command, from, choose });
      return refuse(reason, end?.kind === 'signal');
    }
    const size = await sizeOf(file);
    if (size === undefined) return refuse('The editor deleted its file.', false);
    if (size > MAX_FILE) return refuse('The edited text is larger than 16 MiB.', true);
    return { kind: 'edited', text: (await readFile(file, 'utf8')).replace(/\r?\n$/, '') };
  } finally {
    if (!keep) await rm(folder.path, { recursive: true, force: true });
  }
}

function editorCommand(env: NodeJS.ProcessEnv): [command: string, from: string] {
  for (const name of ['VISUAL', 'EDITOR']) {
    const value = env[name]?.trim();
    if (value) return [value, `${name}=${value}`];
  }
  return ['vi', 'neither VISUAL nor EDITOR is set'];
}

async function makeFolder(): Promise<{ readonly path: string } | { readonly message: string }> {
  try {
    return { path: await mkdtemp(path.join(os.tmpdir(), 'nsh-edit-')) };
  } catch (error) {
    const reason = (error as Error).message;
    return {
      message: `No temporary file could be made in ${os.tmpdir()} (${reason}): set TMPDIR to another folder.`,
    };
  }
}

async function sizeOf(file: string): Promise<number | undefined> {
  return stat(file).then(
    (found) => found.size,
    () => undefined,
  );
}
