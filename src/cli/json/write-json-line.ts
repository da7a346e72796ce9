import { MISLEADING } from '../../repl/output/control-characters.ts';
import { writeFully } from '../standard-streams.ts';

/** What JSON lets through and a terminal, or an eye, might take for something else. */
const UNSAFE = new RegExp(`[\\x7f-\\x9f${MISLEADING}][\\udc00-\\udfff]?`, 'g');

const escaped = (text: string) =>
  Array.from(
    { length: text.length },
    (_, at) => `\\u${text.charCodeAt(at).toString(16).padStart(4, '0')}`,
  ).join('');

/** One value as a line of NDJSON: the same value to a parser, and nothing but print to a terminal. */
export async function writeJsonLine(value: object): Promise<void> {
  await writeFully(process.stdout, `${JSON.stringify(value).replace(UNSAFE, escaped)}\n`);
}
