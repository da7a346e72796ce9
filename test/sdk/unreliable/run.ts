import type { ExecutionView } from '../../../src/api/execution.ts';
import { turns } from '../../devbox/engine/random-times.ts';
import type { Scenario, Stream } from './scenario.ts';

/** Lines of a view, where the client asks for no other number. */
const LAST_N = 100;

/** A command of the scenario that runs: it prints chunk by chunk, then ends. */
export class Run {
  readonly id: string;
  readonly #scenario: Scenario;
  readonly #printed = { stdout: [] as Buffer[], stderr: [] as Buffer[] };
  #isCompleted = false;
  #watchers: (() => void)[] = [];

  constructor(scenario: Scenario, id: string) {
    this.#scenario = scenario;
    this.id = id;
    void this.#print();
  }

  get isCompleted(): boolean {
    return this.#isCompleted;
  }

  chunks(stream: Stream): readonly Buffer[] {
    return this.#printed[stream];
  }

  /** When it has printed more, or ended. */
  changed(): Promise<void> {
    return new Promise((resolve) => this.#watchers.push(resolve));
  }

  view(lastN = LAST_N): ExecutionView {
    const about = { devbox_id: 'd', execution_id: this.id, shell_name: 'main' };
    if (!this.#isCompleted) return { ...about, status: 'running' };
    const stdout = lastLines(this.chunks('stdout'), lastN);
    const stderr = lastLines(this.chunks('stderr'), lastN);
    return {
      ...about,
      status: 'completed',
      exit_status: this.#scenario.exitStatus,
      stdout: stdout.text,
      stderr: stderr.text,
      stdout_truncated: stdout.isCut,
      stderr_truncated: stderr.isCut,
      ...(this.#scenario.embedded ? { nsh: this.#detail() } : {}),
    };
  }

  #detail(): NonNullable<ExecutionView['nsh']> {
    return {
      command: 'the command',
      queued_at_ms: 0,
      stdout_bytes: Buffer.concat(this.chunks('stdout')).length,
      stderr_bytes: Buffer.concat(this.chunks('stderr')).length,
    };
  }

  async #print(): Promise<void> {
    const { output, random } = this.#scenario;
    for (const { stream, text } of output) {
      await turns(Math.floor(random() * 4));
      this.#printed[stream].push(Buffer.from(text));
      this.#notify();
    }
    await turns(Math.floor(random() * 20));
    this.#isCompleted = true;
    this.#notify();
  }

  #notify(): void {
    const watchers = this.#watchers;
    this.#watchers = [];
    for (const watcher of watchers) watcher();
  }
}

function lastLines(chunks: readonly Buffer[], lines: number): { text: string; isCut: boolean } {
  const text = Buffer.concat(chunks).toString();
  const starts = [...text.matchAll(/\n(?!$)/g)].map(({ index }) => index + 1);
  const from = starts.length < lines ? 0 : (starts.at(-lines) ?? 0);
  return { text: text.slice(from), isCut: from > 0 };
}
