import { sanitiseText } from '../../repl/output/sanitise-text.ts';
import { type BlockLines, blockLines } from '../../repl/runtime/blocks/block-lines.ts';
import { exitLine } from '../../repl/state/exit-report.ts';

/**
 * What is said around the output of a command: its line only when it does not stand right above, how it ended only when
 * that is worth a word.
 *
 * @param isTyped the command of that number was typed in the row above
 */
export function linesOfBlock(isTyped: (number: number) => boolean): BlockLines {
  const lines = blockLines(false);
  return {
    ...lines,
    header: (block) => (isTyped(block.number) ? '' : lines.header(block)),
    exit(report) {
      const said = report.kind !== 'completed' || report.exitStatus !== 0 || report.reason !== 'exited';
      return said || report.skipped ? sanitiseText(exitLine(report).text.replace(/^[✓✗] /, '')) : '';
    },
  };
}
