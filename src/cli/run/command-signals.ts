import { CliError } from '../cli-error.ts';
import { EXIT } from '../exit-status.ts';
import { tell } from '../standard-streams.ts';

/** What a signal can do to the command that runs. */
export interface SignalTarget {
  readonly executionId: string;
  interrupt(): Promise<unknown>;
  kill(): Promise<unknown>;
}

/** Presses of Ctrl-C that reach the command; the next one leaves it to itself. */
const INTERRUPTS_PASSED_ON = 2;

/**
 * What signals mean while nsh runs commands: Ctrl-C and Ctrl-\ are for the command, a closed terminal and SIGTERM
 * are for nsh alone. Whatever ends nsh, the command then goes on in its shell.
 */
export class CommandSignals implements Disposable {
  /** Rejects when a signal has nsh leave. */
  readonly left: Promise<never>;
  /** Whether Ctrl-C was passed on to the present command. */
  interrupted = false;
  readonly #shellName: string;
  #presses = 0;
  #target: SignalTarget | undefined;
  #launching = false;
  #leave: (error: CliError) => void = () => undefined;
  readonly #listeners: readonly (readonly [NodeJS.Signals, () => void])[];

  constructor(shellName: string) {
    this.#shellName = shellName;
    this.left = new Promise((_, reject) => {
      this.#leave = reject;
    });
    // Looked at only while something runs; a leave between two looks must not count as unhandled.
    this.left.catch(() => undefined);
    this.#listeners = [
      ['SIGINT', () => this.#onInterrupt()],
      ['SIGQUIT', () => this.#onQuit()],
      ['SIGTERM', () => this.#end(EXIT.terminated)],
      ['SIGHUP', () => this.#end(EXIT.hangup)],
    ];
    for (const [signal, listener] of this.#listeners) process.on(signal, listener);
  }

  /** A command is being sent: what comes before `direct` waits for it. */
  launching(): void {
    this.#launching = true;
    this.#presses = 0;
    this.interrupted = false;
  }

  /** The command was accepted: signals are for it. */
  direct(target: SignalTarget): void {
    this.#target = target;
    this.#launching = false;
    if (this.#presses > 0) this.#pass('interrupt', target.interrupt());
  }

  /** No command runs: a signal ends nsh. */
  release(): void {
    this.#target = undefined;
    this.#launching = false;
  }

  [Symbol.dispose](): void {
    for (const [signal, listener] of this.#listeners) process.off(signal, listener);
  }

  #onInterrupt(): void {
    this.#presses += 1;
    this.interrupted = true;
    // A launch that does not come back must not hold the user: the second press leaves it.
    const passedOn = this.#target ? INTERRUPTS_PASSED_ON : this.#launching ? 1 : 0;
    if (this.#presses > passedOn) this.#end(EXIT.interrupted);
    else if (this.#target) this.#passInterrupt(this.#target);
  }

  #passInterrupt(target: SignalTarget): void {
    this.#pass('interrupt', target.interrupt());
    if (this.#presses === INTERRUPTS_PASSED_ON) {
      tell('Ctrl-\\ kills the command; Ctrl-C once more leaves it running.');
    }
  }

  #onQuit(): void {
    if (this.#target) this.#pass('kill', this.#target.kill());
    else this.#end(EXIT.interrupted);
  }

  #pass(what: string, done: Promise<unknown>): void {
    done.catch((error: Error) => tell(`the ${what} did not get through: ${error.message}`));
  }

  #end(status: number): void {
    const shell = `the shell ${JSON.stringify(this.#shellName)}`;
    const what = this.#target
      ? `left; the command goes on in ${shell} (${this.#target.executionId}).`
      : this.#launching
        ? `left while a command was being sent; it may run in ${shell}.`
        : 'stopped between two commands.';
    this.#leave(new CliError(status, what));
  }
}
