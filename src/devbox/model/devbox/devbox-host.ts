import { mkdirSync, rmSync } from 'node:fs';
import { mkdir, readdir, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { LOCAL_DEVBOX_ID } from '../../../api/extension/server.ts';
import type { BashProgram } from '../../engine/bash/find-bash.ts';
import { reapOrphans } from '../../engine/reap-orphans.ts';
import { OutputFiles } from '../execution/output-files.ts';
import { DevboxJournal } from '../journal/devbox-journal.ts';
import { type DevboxRecord, readDevboxRecords, writeDevboxRecord } from '../journal/devbox-record.ts';
import { newId } from '../new-id.ts';
import { Refusal } from '../refusal.ts';
import { Devbox } from './devbox.ts';
import { longShutDown, refuseUnlessRoom } from './devbox-count.ts';
import { DevboxFiles } from './devbox-files.ts';
import type { DevboxUpdate, ShutdownReason } from './devbox-life.ts';
import { IdleClock } from './idle-clock.ts';
import { removeOthers } from './remove-others.ts';

export interface DevboxHostOptions {
  readonly stateDir: string;
  readonly bash: BashProgram;
  /** The home of the devbox `local`. */
  readonly home: string;
  /** What every shell inherits, already scrubbed. */
  readonly env: Readonly<Record<string, string>>;
  /** Whether shells live on when this process was killed. Default true. */
  readonly keepsShells?: boolean;
  /** Most bytes held of each output stream; the oldest beyond them go. The spool's own limit (2 GiB) if unset. */
  readonly outputCapBytes?: number;
  /** Most created devboxes at a time; 1,000 if unset. */
  readonly mostDevboxes?: number;
  /** Called when a bash has ended. */
  readonly onBashEnded: () => void;
}

export interface NewDevbox {
  readonly name?: string;
  readonly metadata: Record<string, string>;
  readonly environment: Record<string, string>;
  readonly launchParameters: Record<string, unknown>;
}

const JOURNAL = 'journal.ndjson';
/** Files on their way into a devbox. */
const RECEIVED = 'received';
/** A hand-over waits at most so often for output that still comes. */
const FLUSH_ROUNDS = 20;

/** Every devbox of one state directory: `local`, the user's own home, and those that were created. */
export class DevboxHost {
  readonly #options: DevboxHostOptions;
  readonly #idleClock = new IdleClock();
  readonly #closing = new AbortController();
  /** In the order of creation, `local` first. */
  readonly #devboxes = new Map<string, Devbox>();

  private constructor(options: DevboxHostOptions) {
    this.#options = options;
  }

  /**
   * Brings back what earlier servers created, and goes on where one was killed: shells that live are taken over with what
   * runs and waits in them; what nobody can take over is ended and removed.
   */
  static async open(options: DevboxHostOptions): Promise<DevboxHost> {
    const host = new DevboxHost(options);
    for (const folder of ['sessions', 'snapshots', 'environments', 'devboxes']) {
      await mkdir(host.#path(folder), { recursive: true, mode: 0o700 });
    }
    await host.#addLocal();
    const records = await readDevboxRecords(host.#path('devboxes'));
    await Promise.all(records.map((record) => host.#prepare(record.id)));
    for (const record of records) host.#add(record);
    await host.#inherit();
    return host;
  }

  /** Whether a bash is alive in any devbox. */
  get isBusy(): boolean {
    return [...this.#devboxes.values()].some((devbox) => devbox.isBusy);
  }

  /** @throws Refusal `devbox_not_found` */
  get(id: string): Devbox {
    const devbox = this.#devboxes.get(id);
    if (devbox === undefined) {
      throw new Refusal(
        404,
        'devbox_not_found',
        `There is no devbox ${id} here. GET /v1/devboxes lists those there are; ${LOCAL_DEVBOX_ID} is always there.`,
      );
    }
    return devbox;
  }

  /** @throws Refusal `too_many_devboxes` */
  create(devbox: NewDevbox): Devbox {
    refuseUnlessRoom(this.#devboxes.values(), this.#options.mostDevboxes);
    const now = Date.now();
    const transitions = [{ status: 'running' as const, at: now }];
    const record: DevboxRecord = { ...devbox, id: newId('dbx'), createdAtMs: now, transitions };
    // In one turn, so that nobody else takes the room meanwhile.
    for (const folder of ['home', 'executions'])
      mkdirSync(this.#path('devboxes', record.id, folder), { recursive: true, mode: 0o700 });
    writeDevboxRecord(this.#path('devboxes', record.id), record);
    const created = this.#add(record);
    created.life.start();
    return created;
  }

  /** `local` first, then the newest first. */
  all(): Devbox[] {
    const [local, ...created] = this.#devboxes.values();
    return [...(local === undefined ? [] : [local]), ...created.reverse()];
  }

  /**
   * Ends a created devbox for good: its shells, and its home with everything in it.
   *
   * @throws Refusal `devbox_not_found`, `devbox_permanent`
   */
  async shutdown(id: string, reason: ShutdownReason = 'api_shutdown'): Promise<Devbox> {
    const devbox = this.#created(id, 'shut down');
    if (devbox.life.status === 'shutdown') return devbox;
    // The record goes first: a server that dies half-way must not bring back a devbox whose files are half gone. In the same
    // turn, so that no command is accepted by a devbox that was idle a moment ago.
    rmSync(this.#path('devboxes', id, 'devbox.json'), { force: true });
    await devbox.life.shutdown(reason);
    await rm(this.#path('devboxes', id, 'home'), { recursive: true, force: true });
    devbox.closeJournal();
    this.#forgetOldest();
    return devbox;
  }

  /**
   * Ends what runs in a created devbox and keeps its home.
   *
   * @throws Refusal `devbox_not_found`, `devbox_permanent`, `devbox_not_running`
   */
  async suspend(id: string): Promise<Devbox> {
    const devbox = this.#created(id, 'suspended');
    await devbox.life.suspend();
    return this.#keep(devbox);
  }

  /** @throws Refusal `devbox_not_found`, `devbox_not_running` */
  async resume(id: string): Promise<Devbox> {
    const devbox = this.get(id);
    await devbox.life.resume();
    return this.#keep(devbox);
  }

  /** @throws Refusal `devbox_not_found`, `devbox_permanent` */
  update(id: string, update: DevboxUpdate): Devbox {
    const devbox = this.#created(id, 'renamed or given metadata');
    devbox.life.update(update);
    return this.#keep(devbox);
  }

  /** Aborted when the server ends. */
  get closing(): AbortSignal {
    return this.#closing.signal;
  }

  /** Ends every bash and deletes the output files; created devboxes keep their homes. */
  async close(): Promise<void> {
    this.#closing.abort();
    await Promise.all([...this.#devboxes.values()].map((devbox) => devbox.life.close()));
  }

  /**
   * Writes everything down for the next server, and leaves the shells to it. This process must end in the same turn.
   */
  async handOver(): Promise<void> {
    const devboxes = [...this.#devboxes.values()];
    const bytes = () => devboxes.reduce((sum, devbox) => sum + devbox.outputBytes, 0);
    for (let round = 0; round < FLUSH_ROUNDS; round++) {
      const before = bytes();
      await Promise.all(devboxes.map((devbox) => devbox.flush()));
      if (bytes() !== before) continue;
      for (const devbox of devboxes) devbox.handOver();
      return;
    }
    // A command floods: the next server takes it that something may have been lost.
  }

  /** Deletes the output files. Only after the last reader has gone. */
  async dispose(): Promise<void> {
    await Promise.all([...this.#devboxes.values()].map((devbox) => devbox.dispose()));
    await rm(this.#path('sessions'), { recursive: true, force: true });
    await rm(this.#path('snapshots'), { recursive: true, force: true });
    await rm(this.#path('environments'), { recursive: true, force: true });
  }

  async #addLocal(): Promise<void> {
    await this.#prepare(LOCAL_DEVBOX_ID);
    const now = Date.now();
    const record: DevboxRecord = {
      id: LOCAL_DEVBOX_ID,
      name: LOCAL_DEVBOX_ID,
      metadata: {},
      environment: {},
      launchParameters: {},
      createdAtMs: now,
      transitions: [{ status: 'running', at: now }],
    };
    this.#register(record, this.#options.home);
  }

  #add(record: DevboxRecord): Devbox {
    return this.#register(record, this.#path('devboxes', record.id, 'home'));
  }

  #register(record: DevboxRecord, home: string): Devbox {
    const { bash, env, keepsShells = true, outputCapBytes, onBashEnded } = this.#options;
    const { id } = record;
    const devbox = new Devbox({
      record,
      outputFiles: new OutputFiles(this.#path('devboxes', id, 'executions')),
      files: new DevboxFiles(home, this.#path('devboxes', id, RECEIVED)),
      journal: DevboxJournal.open(this.#path('devboxes', id, JOURNAL)),
      setting: {
        bash,
        home,
        sessionsDir: this.#path('sessions'),
        snapshotsDir: this.#path('snapshots'),
        environmentsDir: this.#path('environments'),
        env,
        keepsShells,
        ownEnv: { HOME: home, ...record.environment },
      },
      ...(outputCapBytes === undefined ? {} : { outputCapBytes }),
      idleClock: this.#idleClock,
      onBashEnded,
      // Nobody waits for it: what cannot be ended now is ended with the server.
      onOver: (action, reason) =>
        void (action === 'suspend' ? this.suspend(id) : this.shutdown(id, reason)).catch(() => undefined),
    });
    this.#devboxes.set(id, devbox);
    return devbox;
  }

  async #prepare(id: string): Promise<void> {
    // Of a server that was killed.
    await rm(this.#path('devboxes', id, RECEIVED), { recursive: true, force: true });
    await mkdir(this.#path('devboxes', id, 'executions'), { recursive: true, mode: 0o700 });
  }

  async #inherit(): Promise<void> {
    const devboxes = [...this.#devboxes.values()];
    const heritages = await Promise.all(devboxes.map((devbox) => devbox.inherit()));
    const sessions = new Set(heritages.flatMap((heritage) => heritage.sessions));
    const shellKeys = new Set(heritages.flatMap((heritage) => heritage.shellKeys));
    await reapOrphans(this.#path('sessions'), (dir) => sessions.has(basename(dir)));
    for (const folder of ['snapshots', 'environments']) {
      await removeOthers(this.#path(folder), (name) => shellKeys.has(name));
    }
    // Of those that were shut down while a server was killed.
    for (const id of await readdir(this.#path('devboxes'))) {
      if (this.#devboxes.has(id)) continue;
      await rm(this.#path('devboxes', id, 'executions'), { recursive: true, force: true });
      await rm(this.#path('devboxes', id, JOURNAL), { force: true });
    }
    for (const heritage of heritages) heritage.goOn();
    for (const devbox of devboxes) devbox.life.start();
  }

  /** @throws Refusal `devbox_not_found`, `devbox_permanent` */
  #created(id: string, what: string): Devbox {
    const devbox = this.get(id);
    if (id !== LOCAL_DEVBOX_ID) return devbox;
    throw new Refusal(
      409,
      'devbox_permanent',
      `Devbox ${id} is this machine and its home, so it cannot be ${what}. Create a devbox for that, or close the shells of this one.`,
    );
  }

  /** For the next server. */
  #keep(devbox: Devbox): Devbox {
    const { id, life } = devbox;
    const isCreated = id !== LOCAL_DEVBOX_ID && life.status !== 'shutdown';
    if (isCreated) writeDevboxRecord(this.#path('devboxes', id), life.record);
    return devbox;
  }

  #forgetOldest(): void {
    for (const devbox of longShutDown(this.#devboxes.values())) {
      this.#devboxes.delete(devbox.id);
      // A file that cannot be deleted is left to the next start, which empties the folder.
      devbox.dispose().catch(() => undefined);
    }
  }

  #path(...parts: string[]): string {
    return join(this.#options.stateDir, ...parts);
  }
}
