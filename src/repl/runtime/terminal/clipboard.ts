import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

export interface ClipboardOptions {
  /** Of this process: TMUX, TERM. */
  readonly env: NodeJS.ProcessEnv;
  /** Writes a control sequence to the terminal. */
  readonly control: (sequence: string) => void;
}

/**
 * Bytes. What the sequence takes in base64 is then 100,000, the least of the limits that terminals are known to have
 * (hterm's); what is longer many leave out without a word.
 */
export const MOST_BY_OSC_52 = 74_994;
/** Bytes that are handed to tmux, which keeps them in memory. */
const MOST_BY_TMUX = 16 * 1024 * 1024;

/** Bytes that can be copied where this process runs. */
export function mostCopied({ env }: ClipboardOptions): number {
  return env.TMUX ? MOST_BY_TMUX : MOST_BY_OSC_52;
}

/**
 * Puts a text into the clipboard of the terminal, by OSC 52; inside tmux by tmux's own command, since tmux does not
 * take the sequence from programs unless `set-clipboard` is `on`. Whether the terminal took it cannot be learned.
 *
 * @returns how it was done, for people: ", by …"
 */
export async function copyToClipboard(text: string, options: ClipboardOptions): Promise<string> {
  const { env, control } = options;
  const sequence = `\x1b]52;c;${Buffer.from(text).toString('base64')}\x07`;
  if (!env.TMUX) {
    control(sequence);
    const unasked = /^(tmux|screen)/.test(env.TERM ?? '');
    return unasked ? `, if the tmux of the other machine has \`set-clipboard on\`` : '';
  }
  // Larger ones stay inside tmux, which has room for them: the terminal outside has not.
  const fits = Buffer.byteLength(text) <= MOST_BY_OSC_52;
  if (await loadTmuxBuffer(fits ? ['-w'] : [], text, env)) {
    return fits ? ', by tmux' : " into tmux's buffer alone: it is too large for the terminal's clipboard";
  }
  // Before tmux 3.2 there was no -w, and it passed on what programs asked it to.
  control(`\x1bPtmux;${sequence.replaceAll('\x1b', '\x1b\x1b')}\x1b\\`);
  return ', through tmux';
}

/** False: this tmux does not know how, or is not there. */
async function loadTmuxBuffer(
  options: readonly string[],
  text: string,
  env: NodeJS.ProcessEnv,
): Promise<boolean> {
  const child = spawn('tmux', ['load-buffer', ...options, '-'], { stdio: ['pipe', 'ignore', 'ignore'], env });
  try {
    // A tmux that refuses the option does not read its input.
    const fed = pipeline(Readable.from([text]), child.stdin).catch(() => undefined);
    const [[status]] = await Promise.all([once(child, 'close') as Promise<[number | null]>, fed]);
    return status === 0;
  } catch {
    return false;
  }
}
