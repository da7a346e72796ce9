import type { OutputCallbacks } from '../../repl/runtime/shell-port.ts';
import type { OutputGap, OutputGapCallback } from '../../sdk/output/output-gap.ts';

/** What people are told where output is missing. */
export function gapText({ stream, bytes, from }: OutputGap): string {
  const [count, at] = [bytes, from].map((number) => number.toLocaleString('en-US'));
  return `${count} bytes of ${stream} are missing after byte ${at}: the server holds only the newest part of a long output.`;
}

/** One stream's text, with a line of nsh's own where some is missing. */
export class GapLine {
  #atLineStart = true;

  pass(chunk: string): string {
    this.#atLineStart = chunk.endsWith('\n');
    return chunk;
  }

  line(gap: OutputGap): string {
    return this.pass(`${this.#atLineStart ? '' : '\n'}[nsh: ${gapText(gap)}]\n`);
  }
}

export async function* gapLines(
  read: (onGap: OutputGapCallback) => AsyncIterable<string>,
): AsyncGenerator<string> {
  const lines = new GapLine();
  let note = '';
  const onGap: OutputGapCallback = (gap) => {
    note += lines.line(gap);
  };
  for await (const chunk of read(onGap)) {
    yield note + lines.pass(chunk);
    note = '';
  }
  if (note !== '') yield note;
}

export function gapsInCallbacks({ stdout, stderr }: OutputCallbacks): OutputCallbacks & {
  onGap: OutputGapCallback;
} {
  const streams = {
    stdout: { give: stdout, lines: new GapLine() },
    stderr: { give: stderr, lines: new GapLine() },
  };
  const passing = ({ give, lines }: (typeof streams)['stdout']) =>
    give && { give: (chunk: string) => give(lines.pass(chunk)) };
  const [out, err] = [passing(streams.stdout), passing(streams.stderr)];
  return {
    ...(out && { stdout: out.give }),
    ...(err && { stderr: err.give }),
    onGap: (gap) => streams[gap.stream].give?.(streams[gap.stream].lines.line(gap)),
  };
}
