import { explainEnd, type LendTerminal, type ProgramEnd, runAtTerminal } from './run-at-terminal.ts';

export interface PagerOptions {
  /** Safe for any terminal: a pager may pass on whatever it is given. */
  readonly text: (signal: AbortSignal) => AsyncIterable<string>;
  readonly lendTerminal: LendTerminal;
  /** Of this process: PAGER and what the pager itself reads. */
  readonly env: NodeJS.ProcessEnv;
  /** Ends the pager: nsh itself is being ended. */
  readonly signal: AbortSignal;
}

/** Colours as they are, all else that is no text as text. */
const DEFAULT_PAGER = 'less -R';

/**
 * Shows a text in the user's own pager, `$PAGER`, run as git does, so that it may hold arguments. The text is read as
 * the pager takes it, and no further than it wants.
 *
 * @returns what went wrong, with what to do; undefined when the pager ended by itself
 */
export async function showInPager({
  text,
  lendTerminal,
  env,
  signal,
}: PagerOptions): Promise<string | undefined> {
  const chosen = env.PAGER?.trim();
  const command = chosen || DEFAULT_PAGER;
  let end: ProgramEnd | undefined;
  await lendTerminal(async () => {
    end = await runAtTerminal({
      command,
      args: [],
      // As git does: without R, less shows colours as text.
      env: { LESS: 'R', ...env },
      input: text,
      signal,
    });
  });
  if (end?.kind === 'exited' && end.status === 0) return undefined;
  return explainEnd(end, {
    kind: 'pager',
    command,
    from: chosen ? `PAGER=${chosen}` : 'PAGER is not set',
    choose: 'Set PAGER to a pager of this machine and start nsh again.',
  });
}
