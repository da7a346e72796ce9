import http from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { turns } from '../../devbox/engine/random-times.ts';
import { embedded } from '../views.ts';
import { type Answer, answerWith } from './answers.ts';
import { Faults } from './faults.ts';
import { sendEvents, sendRaw } from './output-body.ts';
import { Run } from './run.ts';
import type { Scenario, Stream } from './scenario.ts';

const NO_ROUTE: Answer = { status: 404, body: { message: 'no such route' } };

/** A real HTTP server that is the service of many scenarios at once: each has a prefix of its own in the path. */
export class UnreliableService {
  readonly #server: http.Server;
  readonly #rooms = new Map<string, Room>();
  readonly #sockets = new Set<Socket>();

  static async start(): Promise<UnreliableService> {
    const service = new UnreliableService();
    await new Promise<void>((resolve) => service.#server.listen(0, '127.0.0.1', resolve));
    return service;
  }

  private constructor() {
    this.#server = http.createServer((request, response) => {
      const [, prefix = '', path = ''] = /^\/([^/]+)(.*)$/.exec(request.url ?? '') ?? [];
      void this.#rooms.get(prefix)?.serve(request, response, new URL(path, 'http://service'));
    });
    this.#server.keepAliveTimeout = 0;
    this.#server.on('connection', (socket) => {
      this.#sockets.add(socket);
      socket.once('close', () => this.#sockets.delete(socket));
    });
  }

  open(scenario: Scenario): Room {
    const { port } = this.#server.address() as AddressInfo;
    const room = new Room(scenario, `http://127.0.0.1:${port}/${scenario.seed}`);
    this.#rooms.set(String(scenario.seed), room);
    return room;
  }

  /** When no client holds a connection any more. */
  async deserted(): Promise<void> {
    while (this.#sockets.size > 0) {
      await new Promise((resolve) => [...this.#sockets].at(0)?.once('close', resolve));
    }
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}

/** The service of one scenario. */
export class Room {
  readonly url: string;
  readonly faults: Faults;
  readonly #scenario: Scenario;
  readonly #runs: Run[] = [];
  readonly #byId = new Map<string, Run>();
  #underWay = 0;
  #onQuiet: (() => void)[] = [];

  constructor(scenario: Scenario, url: string) {
    this.#scenario = scenario;
    this.url = url;
    this.faults = new Faults(scenario);
  }

  /** How often a command was started. */
  get starts(): number {
    return this.#runs.length;
  }

  /** When no request is under way any more. */
  async quiet(): Promise<void> {
    while (this.#underWay > 0) await new Promise<void>((resolve) => this.#onQuiet.push(resolve));
  }

  async serve(request: http.IncomingMessage, response: http.ServerResponse, url: URL): Promise<void> {
    this.#underWay += 1;
    response.once('close', () => {
      this.#underWay -= 1;
      for (const resolve of this.#onQuiet.splice(0)) resolve();
    });
    const route = `${request.method} ${url.pathname.split('/').at(-1)}`;
    const stream = /\/stream_(stdout|stderr)_updates$/.exec(url.pathname)?.[1] as Stream | undefined;
    const raw = /^\/nsh\/.*\/output\/(stdout|stderr)$/.exec(url.pathname)?.[1] as Stream | undefined;
    const output = stream ?? raw;
    const fault = this.faults.ofRequest(route, output !== undefined);
    if (fault?.kind === 'drop before the body') return void response.destroy();
    const body = await readAll(request);
    if (fault === undefined && output !== undefined) {
      const run = this.#find(url);
      const asked = url.searchParams.get('offset');
      const offset = asked === null ? undefined : Number(asked);
      const { reading } = this.#scenario;
      if (run === undefined) return answerWith(response, NO_ROUTE, undefined);
      return await (raw ? sendRaw : sendEvents)(response, {
        run,
        stream: output,
        offset,
        reading: raw ? 'start' : reading,
        faults: this.faults,
      });
    }
    const isDone = fault === undefined || ('done' in fault && fault.done);
    const answer = isDone ? await this.#answer(route, url, body, request) : NO_ROUTE;
    if (!response.destroyed) answerWith(response, answer, fault);
  }

  async #answer(route: string, url: URL, body: string, { headers }: http.IncomingMessage): Promise<Answer> {
    const { embedded: isEmbedded } = this.#scenario;
    switch (route) {
      case 'GET server': {
        const view = { ...embedded, capabilities: ['raw_output', 'request_id'] };
        return isEmbedded ? { status: 200, body: view } : NO_ROUTE;
      }
      case 'POST execute': {
        const { command_id } = JSON.parse(body);
        const run = this.#byId.get(command_id) ?? this.#start(command_id);
        return await this.#held(run);
      }
      case 'POST execute_async': {
        const id = isEmbedded ? String(headers['x-request-id']) : undefined;
        const run = (id === undefined ? undefined : this.#byId.get(id)) ?? this.#start(id);
        return { status: 200, body: run.view() };
      }
      case 'POST wait_for_status': {
        const run = this.#find(url);
        return run === undefined ? NO_ROUTE : await this.#held(run);
      }
      case 'GET logs':
        return { status: 200, body: { logs: this.#logs() } };
      default: {
        const run = this.#find(url);
        const lastN = Number(url.searchParams.get('last_n') ?? 100);
        return run === undefined ? NO_ROUTE : { status: 200, body: run.view(lastN) };
      }
    }
  }

  /** Holds for as long as the command runs, or for less. */
  async #held(run: Run): Promise<Answer> {
    for (let turn = Math.floor(this.#scenario.random() * 60); turn > 0 && !run.isCompleted; turn--)
      await turns(1);
    return run.isCompleted || this.#scenario.random() < 0.5
      ? { status: 200, body: run.view() }
      : { status: 408, body: { message: 'not yet' } };
  }

  /** The service's lag behind: what was started shows in them when it is asked for again. */
  #logs(): unknown[] {
    if (this.#scenario.random() < 0.3) return [];
    return this.#runs.map(({ id }) => ({
      level: 'INFO',
      source: 'exec',
      timestamp_ms: Date.now(),
      cmd: 'the command',
      cmd_id: id,
      shell_name: 'main',
    }));
  }

  #start(commandId: string | undefined): Run {
    const run = new Run(this.#scenario, `exec-${this.#runs.length + 1}`);
    this.#runs.push(run);
    this.#byId.set(run.id, run);
    if (commandId !== undefined) this.#byId.set(commandId, run);
    return run;
  }

  #find(url: URL): Run | undefined {
    const [, id = ''] = /\/executions\/([^/]+)/.exec(url.pathname) ?? [];
    return this.#byId.get(id);
  }
}

async function readAll(request: http.IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}
