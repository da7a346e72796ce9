import { fitText } from '../../output/fit-text.ts';
import { sanitiseText } from '../../output/sanitise-text.ts';
import type { Settings } from '../../state/settings.ts';

/** Cells of a notification: what is longer no desktop shows. */
const MOST_SHOWN = 100;
/** UTF-16 units that are looked at. */
const MOST_READ = 1_000;

/**
 * The sequence by which a terminal calls for attention. The text is shown as text: it cannot end the sequence, for it
 * has no control character.
 *
 * @param insideTmux tmux passes on a bell; the rest only when asked to, and with `allow-passthrough on`
 */
export function notification(
  way: Exclude<Settings['notify'], 'off'>,
  text: string,
  insideTmux: boolean,
): string {
  if (way === 'bell') return '\x07';
  const shown = fitText(sanitiseText(text.slice(0, MOST_READ)), MOST_SHOWN);
  const sequence = way === 'osc9' ? `\x1b]9;${shown}\x07` : `\x1b]777;notify;nsh;${shown}\x07`;
  return insideTmux ? `\x1bPtmux;${sequence.replaceAll('\x1b', '\x1b\x1b')}\x1b\\` : sequence;
}
