import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';

/** The least that a persistent bash can be: commands and an `echo` go in at one pipe, the answer comes out of another. */
export class BareBash {
  readonly #child: ChildProcessWithoutNullStreams;
  #answered: (() => void) | undefined;
  #text = '';

  constructor(path: string) {
    this.#child = spawn(path, ['--noprofile', '--norc'], { stdio: 'pipe' });
    this.#child.stdout.setEncoding('latin1').on('data', (text: string) => {
      this.#text += text;
      if (!this.#text.endsWith('\n')) return;
      this.#text = '';
      this.#answered?.();
    });
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  /** Resolves when the command's exit status has come. */
  run(command: string): Promise<void> {
    return new Promise((resolve) => {
      this.#answered = resolve;
      this.#child.stdin.write(`${command}\necho $?\n`);
    });
  }

  /**
   * The same with what the engine cannot do without: the command comes from a file and meets the three streams that it is
   * given, each by its path.
   */
  runRedirected(path: string): Promise<void> {
    return this.run(`IFS= read -r -d '' c <${path};eval "$c" </dev/null >/dev/null 2>/dev/null`);
  }

  async close(): Promise<void> {
    const ended = once(this.#child, 'exit');
    this.#child.stdin.end();
    await ended;
  }
}
