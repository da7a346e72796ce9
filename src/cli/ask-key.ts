import { takeTypeAhead } from '../repl/runtime/keys/type-ahead.ts';
import { CliError } from './cli-error.ts';
import { EXIT } from './exit-status.ts';
import { tell } from './standard-streams.ts';

/** Keys as a terminal in raw mode sends them. */
const CTRL_C = '\x03';
const CTRL_D = '\x04';
const ENTER = '\r';

export interface Question<Answer> {
  /** In one line or more; what the keys do belongs to it. */
  readonly text: string;
  /** By key, in lower case. */
  readonly answers: Readonly<Record<string, Answer>>;
  /** What Enter means. */
  readonly byDefault: Answer;
  /** What Ctrl-C and Ctrl-D leave as it is, as a sentence. */
  readonly left: string;
}

/** Whether there is somebody to ask: a terminal to read from, and one to write to. */
export const canAsk = () => process.stdin.isTTY && process.stderr.isTTY;

/**
 * Asks at the terminal for one key. What was typed before the question stood there is no answer to it: it is left for
 * whoever reads the terminal next, as are keys after the answer. Other keys do nothing.
 *
 * @throws CliError with status 130 at Ctrl-C and Ctrl-D, 129 when the terminal went away
 */
export async function askKey<Answer>(question: Question<Answer>): Promise<Answer> {
  const { stdin } = process;
  const early = await takeTypeAhead(stdin);
  const { promise, resolve, reject } = Promise.withResolvers<Answer>();
  let rest: Uint8Array | undefined;
  const isAnswer = (key: string) => {
    const answer = key === ENTER ? question.byDefault : question.answers[key.toLowerCase()];
    if (key === CTRL_C || key === CTRL_D) reject(new CliError(EXIT.interrupted, question.left));
    else if (answer !== undefined) resolve(answer);
    else return false;
    return true;
  };
  const read = (bytes: Buffer) => {
    const at = [...bytes.toString('latin1')].findIndex(isAnswer);
    if (at === -1) return;
    stdin.off('data', read).pause();
    rest = bytes.subarray(at + 1);
  };
  const gone = () => reject(new CliError(EXIT.hangup, `the terminal went away: ${question.left}`));
  try {
    await tell(question.text);
    stdin.on('data', read).once('end', gone).once('error', gone).resume();
    return await promise;
  } finally {
    stdin.off('data', read).off('end', gone).off('error', gone).pause();
    stdin.setRawMode(false);
    const unread = Buffer.concat([early, rest ?? Buffer.alloc(0)]);
    if (unread.length > 0) stdin.unshift(unread);
  }
}
