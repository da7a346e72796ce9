import { fitText } from '../../output/fit-text.ts';
import { endMark, INPUT_MARK, OUTPUT_MARK, PROMPT_MARK } from '../../output/marks.ts';
import { sgrColour } from '../../output/palette.ts';
import { sanitiseText } from '../../output/sanitise-text.ts';
import { type ExitReport, exitLine } from '../../state/exit-report.ts';
import { bareName } from '../../state/queue/command-name.ts';
import type { BlockHead } from './kept-block.ts';

/** What stands around a command's output, in the scrollback and in the pager, as text that is safe to print. */
export interface BlockLines {
  header(block: BlockHead, marks?: boolean): string;
  exit(report: ExitReport, marks?: boolean): string;
  /** @param name of the command; undefined: its block is not of this session */
  folded(name: string | undefined): (lines: number) => string;
  /**
   * What stands before each line that a background job wrote after its command's end.
   *
   * @param name of the command, or the command itself when its block is not of this session
   */
  lateGutter(name: string): { readonly stdout: string; readonly stderr: string };
  dim(text: string): string;
  strong(text: string): string;
}

/** Of a command that stands before each line of its jobs, cells. */
const LATE_COMMAND_CELLS = 20;

export function blockLines(colour: boolean): BlockLines {
  const paint = (codes: string, text: string) => (colour ? `\x1b[${codes}m${text}\x1b[0m` : text);
  const dim = (text: string) => paint(sgrColour('muted'), text);
  return {
    header({ name, command, elsewhere }, marks = false) {
      const [first = '', ...rest] = sanitiseText(command.trimEnd(), { multiline: true }).split('\n');
      const origin = elsewhere ? dim('  (another session)') : '';
      const margin = dim('·'.padStart(name.length));
      return [
        `${marks ? PROMPT_MARK : ''}${dim(name)} ${marks ? INPUT_MARK : ''}${paint('1', first)}${origin}`,
        ...rest.map((line) => `${margin} ${paint('1', line)}`),
        marks ? OUTPUT_MARK : '',
      ].join('\n');
    },
    exit(report, marks = false) {
      const { ok, text } = exitLine(report);
      const status = report.kind === 'completed' ? report.exitStatus : null;
      return (
        (marks ? endMark(status) : '') + paint(sgrColour(ok ? 'success' : 'failure'), sanitiseText(text))
      );
    },
    folded: (name) => (lines) => {
      const where = name === undefined ? '' : ` (:show ${bareName(name)})`;
      return dim(`… ${lines.toLocaleString('en-US')} lines folded${where}`);
    },
    lateGutter(name) {
      const mark = `${fitText(sanitiseText(name), LATE_COMMAND_CELLS)} ⤷ `;
      return { stdout: dim(mark), stderr: paint(sgrColour('failure'), mark) };
    },
    dim,
    strong: (text) => paint('1;4', text),
  };
}
