import headless from '@xterm/headless';
import { z } from 'zod';

/** A strict reader of asciicast v3, from docs.asciinema.org/manual/asciicast/v3 and what the parser of asciinema takes. */
const header = z.strictObject({
  version: z.literal(3),
  term: z.strictObject({
    cols: z.int().min(1).max(65_535),
    rows: z.int().min(1).max(65_535),
    type: z.string().optional(),
  }),
  timestamp: z.int().min(0).optional(),
  title: z.string().optional(),
});
const event = z.tuple([z.number().min(0), z.enum(['o', 'i', 'm', 'r', 'x']), z.string()]);

export interface Cast {
  readonly columns: number;
  readonly rows: number;
  readonly header: z.infer<typeof header>;
  /** `at`: seconds since the beginning. */
  readonly events: readonly { readonly at: number; readonly code: string; readonly data: string }[];
}

/** @throws Error at the first thing that is not as the format says */
export function parseCast(text: string): Cast {
  if (!text.endsWith('\n')) throw new Error('the last line has no line feed');
  const [first = '', ...lines] = text.slice(0, -1).split('\n');
  const head = header.parse(JSON.parse(first));
  let at = 0;
  const events = lines.map((line, index) => {
    // The parser of asciinema reads the interval as text: no exponent.
    if (!/^\[\d+\.\d{1,6}, "/.test(line)) throw new Error(`line ${index + 2} begins otherwise: ${line}`);
    const [interval, code, data] = event.parse(JSON.parse(line));
    if (!data.isWellFormed()) throw new Error(`line ${index + 2} is not well-formed`);
    if (code === 'r' && !/^[1-9]\d*x[1-9]\d*$/.test(data)) throw new Error(`no size: ${line}`);
    if (code === 'x' && (index !== lines.length - 1 || !/^\d+$/.test(data))) {
      throw new Error(`not the end, or no exit status: ${line}`);
    }
    at += interval;
    return { at, code, data };
  });
  return { columns: head.term.cols, rows: head.term.rows, header: head, events };
}

/** What a terminal shows when the cast is played: its screen, and all that it has. */
export async function replay({ columns, rows, events }: Cast): Promise<{ screen: string; history: string }> {
  const terminal = new headless.Terminal({
    cols: columns,
    rows,
    scrollback: 100_000,
    allowProposedApi: true,
  });
  for (const { code, data } of events) {
    if (code === 'o') await new Promise<void>((resolve) => terminal.write(data, resolve));
    const [width = 0, height = 0] = data.split('x').map(Number);
    if (code === 'r') terminal.resize(width, height);
  }
  const buffer = terminal.buffer.active;
  const lines = (from: number) => {
    const shown: string[] = [];
    for (let row = from; row < buffer.length; row++) {
      shown.push(buffer.getLine(row)?.translateToString(true) ?? '');
    }
    return shown.join('\n').trimEnd();
  };
  const shown = { screen: lines(buffer.baseY), history: lines(0) };
  terminal.dispose();
  return shown;
}
