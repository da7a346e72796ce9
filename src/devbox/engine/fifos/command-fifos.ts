import { basename, join } from 'node:path';
import type { Keeper } from '../keeper/keeper.ts';
import type { RunRequest } from '../running-command.ts';
import type { CommandFacts, FactsFile, HeldFifo } from '../session-facts.ts';
import type { SessionFolder } from '../session-folder.ts';
import { CommandOutputs, lateSink } from './command-outputs.ts';
import { type FifoNeed, SpareFifos } from './spare-fifos.ts';
import { StdinFifo } from './stdin-fifo.ts';

/** What a command was given. */
export interface OpenedFifos {
  stdin: StdinFifo | undefined;
  facts: Pick<CommandFacts, 'stdout' | 'stderr' | 'stdin' | 'stdinClosed'>;
}

/** All FIFOs that a session's commands read and write, noted in its facts and held by its keeper. */
export class CommandFifos {
  readonly #folder: SessionFolder;
  readonly #facts: FactsFile;
  readonly #keeper: Keeper | undefined;
  readonly #spares: SpareFifos;
  readonly #outputs: CommandOutputs;
  #ended = false;

  constructor(folder: SessionFolder, facts: FactsFile, keeper: Keeper | undefined) {
    this.#folder = folder;
    this.#facts = facts;
    this.#keeper = keeper;
    this.#spares = new SpareFifos({
      dir: folder.path,
      names: folder.fifoNames,
      paths: folder.spares,
      hold: async (names) => keeper?.hold(names),
    });
    this.#outputs = new CommandOutputs(this.#spares, {
      held: (fifo) => facts.note({ held: [...facts.current.held, fifo] }),
      gone: (path) => this.#lateGone(path),
    });
  }

  has(request: RunRequest): boolean {
    return this.#spares.has(this.#need(request));
  }

  /** @throws Error when FIFOs cannot be created (disk full, folder gone). */
  ready(request: RunRequest): Promise<void> {
    return this.#spares.ready(this.#need(request));
  }

  /** For a command that starts; only after `has` or `ready` said so. */
  open(request: RunRequest): OpenedFifos {
    const { stdout, stderr } = this.#outputs.open(request);
    const stdin =
      request.stdin === 'attached' ? this.#spares.use('input', (path) => this.#openStdin(path)) : undefined;
    const facts = {
      stdout: basename(stdout),
      stderr: basename(stderr),
      stdin: stdin && basename(stdin.path),
      stdinClosed: false,
    };
    return { stdin, facts };
  }

  /** For the command that another server has started. Its input is closed where it was, once bash has opened it. */
  reopen(facts: CommandFacts, request: RunRequest): StdinFifo | undefined {
    const { held } = this.#facts.current;
    for (const stream of ['stdout', 'stderr'] as const) {
      const name = facts[stream];
      const late = held.some(({ fifo }) => fifo === name);
      if (!late && this.#exists(name)) this.#outputs.adopt(stream, this.#path(name), request[stream]);
    }
    if (facts.stdin === undefined || !this.#exists(facts.stdin)) return undefined;
    const stdin = this.#openStdin(this.#path(facts.stdin));
    if (facts.stdinClosed) stdin.close();
    return stdin;
  }

  /** For the background jobs of commands before that. */
  reopenHeld(requestOf: (tag: string | undefined) => RunRequest): void {
    for (const { fifo, stream, tag } of this.#facts.current.held) {
      if (this.#exists(fifo)) this.#outputs.adoptLate(this.#path(fifo), lateSink(requestOf(tag), stream));
    }
  }

  /** Nobody writes to the command's output any more; what was written is handed over. */
  get isFree(): boolean {
    return this.#outputs.isFree;
  }

  /** The foreground has ended: hands over what it wrote. */
  collect(request: RunRequest): void {
    this.#outputs.collect(request);
  }

  /** The shell has ended; late output is still read, and until its end the keeper stays. */
  end(): void {
    this.#ended = true;
    this.#outputs.close();
    this.#quitKeeperWhenDone();
  }

  closeLate(): void {
    this.#outputs.closeLate();
  }

  #need(request: RunRequest): FifoNeed {
    return { output: this.#outputs.missing, input: Number(request.stdin === 'attached') };
  }

  #openStdin(path: string): StdinFifo {
    return new StdinFifo(path, {
      closing: () => {
        const { command } = this.#facts.current;
        if (command) this.#facts.note({ command: { ...command, stdinClosed: true } });
      },
      closed: () => this.#keeper?.drop(basename(path)),
      removed: () => this.#spares.gone(path),
    });
  }

  #lateGone(path: string): void {
    this.#keeper?.drop(basename(path));
    this.#spares.gone(path);
    const isOther = ({ fifo }: HeldFifo) => fifo !== basename(path);
    // On disk with the next command: a FIFO that does not exist is not looked for.
    this.#facts.current.held = this.#facts.current.held.filter(isOther);
    this.#quitKeeperWhenDone();
  }

  #quitKeeperWhenDone(): void {
    if (this.#ended && !this.#outputs.hasLate) this.#keeper?.quit();
  }

  #exists(name: string): boolean {
    return this.#folder.fifoNames.all().includes(name);
  }

  #path(name: string): string {
    return join(this.#folder.path, name);
  }
}
