import { endMark, INPUT_MARK, OUTPUT_MARK, PROMPT_MARK } from '../output/marks.ts';
import { sanitiseText } from '../output/sanitise-text.ts';
import { type ExitReport, exitLine } from '../state/exit-report.ts';

/** What stands around a command's output, in the scrollback and in the pager, as text that is safe to print. */
export interface BlockLines {
  /** @param elsewhere another session sent it: its header says so */
  header(number: number, command: string, elsewhere: boolean, marks?: boolean): string;
  exit(report: ExitReport, marks?: boolean): string;
  folded(number: number): (lines: number) => string;
  /** What stands before each line that a background job wrote after its command's end. */
  lateGutter(number: number): { readonly stdout: string; readonly stderr: string };
  dim(text: string): string;
  strong(text: string): string;
}

export function blockLines(colour: boolean): BlockLines {
  const paint = (codes: string, text: string) => (colour ? `\x1b[${codes}m${text}\x1b[0m` : text);
  const dim = (text: string) => paint('2', text);
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
      return (marks ? endMark(status) : '') + paint(ok ? '2;32' : '31', sanitiseText(text));
    },
    folded: (number) => (lines) => dim(`… ${lines.toLocaleString('en-US')} lines folded (:show ${number})`),
    lateGutter(number) {
      const mark = `#${number} ⤷ `;
      return { stdout: dim(mark), stderr: paint('2;31', mark) };
    },
    dim,
    strong: (text) => paint('1;4', text),
  };
}
