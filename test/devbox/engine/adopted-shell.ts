import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { BashProgram } from '../../../src/devbox/engine/bash/find-bash.ts';
import { BashSession } from '../../../src/devbox/engine/bash-session.ts';
import type { Outcome, RunningCommand } from '../../../src/devbox/engine/running-command.ts';
import { Spool } from '../../../src/devbox/engine/spool/spool.ts';
import type { Order } from './mortal-server.ts';
import { readOnce } from './read-once.ts';
import { TestShell, temporaryFolder } from './shell-under-test.ts';

/** A server in a process of its own, with one shell. */
export class MortalServer {
  readonly folder: string;
  readonly bashPid: number;
  readonly #process: ChildProcess;
  #seen = '';
  #outcomes: Outcome[] = [];
  #changed = Promise.withResolvers<void>();

  static start(bash: BashProgram): Promise<MortalServer> {
    return MortalServer.#fork(temporaryFolder(), ['start', dirname(bash.path)]);
  }

  /** Another one, for the shell of one that is dead. */
  static adopt(dead: MortalServer): Promise<MortalServer> {
    return MortalServer.#fork(dead.folder, ['adopt']);
  }

  static async #fork(folder: string, rest: string[]): Promise<MortalServer> {
    const child = fork(new URL('./mortal-server.ts', import.meta.url), [folder, ...rest], {
      execArgv: [], // not the test runner's own
    });
    onTestFinished(() => void child.kill('SIGKILL'));
    const [{ pid }] = (await once(child, 'message')) as [{ pid: number }];
    return new MortalServer(folder, pid, child);
  }

  private constructor(folder: string, bashPid: number, child: ChildProcess) {
    this.folder = folder;
    this.bashPid = bashPid;
    this.#process = child;
    child.on('message', (message: { seen?: string; outcome?: Outcome }) => {
      this.#seen += message.seen ?? '';
      if (message.outcome) this.#outcomes.push(message.outcome);
      this.#changed.resolve();
      this.#changed = Promise.withResolvers();
    });
  }

  get dir(): string {
    return join(this.folder, 'shell');
  }

  order(order: Order): void {
    this.#process.send(order);
  }

  async seen(text: string): Promise<void> {
    while (!this.#seen.includes(text)) await this.#changed.promise;
  }

  async run(command: string): Promise<Outcome> {
    const before = this.#outcomes.length;
    this.order({ run: command, tag: `t${before}` });
    while (this.#outcomes.length === before) await this.#changed.promise;
    return this.#outcomes[before] as Outcome;
  }

  async die(): Promise<void> {
    this.#process.kill('SIGKILL');
    await once(this.#process, 'exit');
  }
}

/** A shell that was taken over in this process, and what its last command prints from now on. */
export class AdoptedShell extends TestShell {
  readonly last: { tag: string | undefined; command: RunningCommand } | undefined;
  /** By tag, the spool that the dead server had begun. */
  readonly spools: Map<string, Spool>;
  readonly late: Buffer[];

  static async adopt(server: MortalServer): Promise<AdoptedShell> {
    const spools = new Map<string, Spool>();
    const late: Buffer[] = [];
    const { session, last } = await BashSession.adopt({
      dir: server.dir,
      sinks: (tag) => {
        const spool =
          spools.get(tag ?? '') ?? Spool.open({ path: join(server.folder, `${tag}.stdout`), durable: true });
        spools.set(tag ?? '', spool);
        return {
          stdout: (chunk) => spool.append(chunk),
          stderr: () => {},
          late: (_stream, chunk) => late.push(Buffer.from(chunk)),
        };
      },
    });
    onTestFinished(() => session.close());
    return new AdoptedShell(session, server.folder, { last, spools, late });
  }

  private constructor(
    session: BashSession,
    folder: string,
    { last, spools, late }: Pick<AdoptedShell, 'last' | 'spools' | 'late'>,
  ) {
    super(session, folder);
    this.last = last;
    this.spools = spools;
    this.late = late;
  }

  async output(tag: string): Promise<string> {
    const spool = this.spools.get(tag);
    const parts: Uint8Array[] = [];
    for (let at = spool?.start ?? 0; spool && at < spool.size; ) {
      const part = await readOnce(spool, at, 2 ** 20);
      parts.push(part);
      at += part.length;
    }
    return Buffer.concat(parts).toString('latin1');
  }

  /** Resolves when the last command's output holds `text`. */
  async printed(text: string): Promise<void> {
    const tag = this.last?.tag ?? '';
    while (!(await this.output(tag)).includes(text)) await this.spools.get(tag)?.changed();
  }
}
