import type { ExecutionView, OutputStreamName } from '../api/execution.ts';
import { retrieveExecution } from './execution-requests.ts';
import { call } from './http/call.ts';
import type { Link } from './http/link.ts';
import { countLines, lastLines } from './last-lines.ts';
import { outputBytes } from './output/output-bytes.ts';
import type { OutputTarget } from './output/output-source.ts';

/** A completed execution. Made by `exec()` and `execution.result()`. */
export class ExecutionResult {
  readonly #link: Link;
  readonly #target: Omit<OutputTarget, 'stream'>;
  readonly #view: ExecutionView;

  /** @internal */
  constructor(link: Link, target: Omit<OutputTarget, 'stream'>, view: ExecutionView) {
    this.#link = link;
    this.#target = target;
    this.#view = view;
  }

  /** The server's id of the execution. */
  get executionId(): string {
    return this.#view.execution_id;
  }

  /** The command's exit status, 128 + n after signal n; null when the server gives none, as for what never ran. */
  get exitCode(): number | null {
    return this.#view.exit_status ?? null;
  }

  /** Exit status 0. */
  get success(): boolean {
    return this.exitCode === 0;
  }

  /** An exit status other than 0. With none, both `success` and `failed` are false. */
  get failed(): boolean {
    return this.exitCode !== null && this.exitCode !== 0;
  }

  /** The execution view as it came over the wire. */
  get result(): ExecutionView {
    return this.#view;
  }

  /**
   * What the command wrote to stdout, as text. Fetches what the view does not hold.
   *
   * @param numLines only so many of the last lines, without blank ones at the end; much cheaper for a long output
   * @throws NamedShellError
   */
  async stdout(numLines?: number): Promise<string> {
    return await this.#output('stdout', numLines);
  }

  /** As `stdout`. */
  async stderr(numLines?: number): Promise<string> {
    return await this.#output('stderr', numLines);
  }

  async #output(stream: OutputStreamName, numLines: number | undefined): Promise<string> {
    if (numLines === undefined) {
      return isCut(this.#view, stream) ? await this.#wholeText(stream) : textOf(this.#view, stream);
    }
    if (numLines <= 0) return '';
    let view = this.#view;
    if (isShort(view, stream, numLines)) {
      const { devboxId, executionId } = this.#target;
      view = await call(this.#link, retrieveExecution(devboxId, executionId, String(Math.ceil(numLines))));
    }
    const text = isShort(view, stream, numLines) ? await this.#wholeText(stream) : textOf(view, stream);
    return lastLines(text, numLines);
  }

  async #wholeText(stream: OutputStreamName): Promise<string> {
    const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
    const parts: string[] = [];
    for await (const bytes of outputBytes(this.#link, { ...this.#target, stream })) {
      parts.push(decoder.decode(bytes, { stream: true }));
    }
    parts.push(decoder.decode());
    return parts.join('');
  }
}

function textOf(view: ExecutionView, stream: OutputStreamName): string {
  return view[stream] ?? '';
}

function isCut(view: ExecutionView, stream: OutputStreamName): boolean {
  return view[`${stream}_truncated`] === true;
}

/** Whether more lines exist than the view holds, and are needed. */
function isShort(view: ExecutionView, stream: OutputStreamName, numLines: number): boolean {
  return isCut(view, stream) && countLines(textOf(view, stream)) < numLines;
}
