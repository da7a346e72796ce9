import { fitText } from '../output/fit-text.ts';
import { endMark, INPUT_MARK, OUTPUT_MARK, PROMPT_MARK } from '../output/marks.ts';
import { sgrColour } from '../output/palette.ts';
import { sanitiseText } from '../output/sanitise-text.ts';
import { type ExitReport, exitLine } from '../state/exit-report.ts';

/** What stands around a command's output, in the scrollback and in the pager, as text that is safe to print. */
export interface BlockLines {
  /** @param elsewhere another session sent it: its header says so */
  header(number: number, command: string, elsewhere: boolean, marks?: boolean): string;
  exit(report: ExitReport, marks?: boolean): string;
  /** @param source the number of the command, or the command itself when its block is not of this session */
  folded(source: number | string): (lines: number) => string;
  /** What stands before each line that a background job wrote after its command's end. */
  lateGutter(source: number | string): { readonly stdout: string; readonly stderr: string };
  dim(text: string): string;
  strong(text: string): string;
}

/** Of a command that stands before each line of its jobs, cells. */
const LATE_COMMAND_CELLS = 20;

export function blockLines(colour: boolean): BlockLines {
  const paint = (codes: string, text: string) => (colour ? `\x1b[${codes}m${text}\x1b[0m` : text);
  const dim = (text: string) => paint(sgrColour('muted'), text);
  return {
    header(number, command, elsewhere, marks = false) {
      const [first = '', ...rest] = sanitiseText(command.trimEnd(), { multiline: true }).split('\n');
      const origin = elsewhere ? dim('  (another session)') : '';
      const margin = dim('·'.padStart(`#${number}`.length));
      return [
        `${marks ? PROMPT_MARK : ''}${dim(`#${number}`)} ${marks ? INPUT_MARK : ''}${paint('1', first)}${origin}`,
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
    folded: (source) => (lines) => {
      const where = typeof source === 'number' ? ` (:show ${source})` : '';
      return dim(`… ${lines.toLocaleString('en-US')} lines folded${where}`);
    },
    lateGutter(source) {
      const name =
        typeof source === 'number' ? `#${source}` : fitText(sanitiseText(source), LATE_COMMAND_CELLS);
      const mark = `${name} ⤷ `;
      return { stdout: dim(mark), stderr: paint(sgrColour('failure'), mark) };
    },
    dim,
    strong: (text) => paint('1;4', text),
  };
}
