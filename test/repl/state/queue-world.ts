import type { Effect } from '../../../src/repl/state/effect.ts';
import type { MissedCommand, ReplEvent, ShellNews } from '../../../src/repl/state/event.ts';
import { defaultSettings } from '../../../src/repl/state/settings.ts';
import type { ReplState } from '../../../src/repl/state/state.ts';
import { NOW, type Played, play, start } from './play.ts';

interface Execution {
  readonly id: string;
  readonly number: number;
  /** The number of the line, when the REPL sent it. */
  readonly own: number | undefined;
  readonly command: string;
  status: 'queued' | 'running' | 'completed';
  /** Unset while it has not ended; null: cancelled before it ran. */
  exitStatus?: number | null;
}

type LaunchFate = 'taken' | 'not_sent' | 'refused' | 'lost' | 'lost but taken';

/**
 * A devbox with one shell, and the roads between it and the REPL: what is sent, answered, told and printed is under way until
 * the test lets it arrive, each road in its order. The service tells nothing live and counts nothing.
 */
export class QueueWorld {
  readonly isService: boolean;
  repl: Played;
  /** Events come. */
  told = true;
  /** In the order in which they were accepted. */
  readonly executions: Execution[] = [];
  /** What ran, in order. */
  readonly ran: Execution[] = [];
  connected = true;
  #news: ShellNews[] = [];
  #requests: Effect[] = [];
  #answers: ReplEvent[] = [];
  #followed = new Map<string, number>();
  #shown = 0;
  /** Numbers of the blocks, as they were opened and closed. */
  readonly blocks: string[] = [];
  readonly printed: string[] = [];
  /** Own commands that the devbox took, in its order, and those that it did not, or that nobody knows of. */
  readonly taken: Execution[] = [];
  readonly refused: string[] = [];
  readonly executionOf = new Map<number, string>();

  constructor(isService = false) {
    this.isService = isService;
    // At the end of a line that begins another, a key would take that one.
    const settings = { ...defaultSettings, suggestions: 'off' } as const;
    this.repl = start({ settings, toldUpTo: isService ? undefined : 0 });
    this.#tell({ kind: 'snapshot', report: this.#report() });
  }

  get state(): ReplState {
    return this.repl.state;
  }

  do(...events: ReplEvent[]): void {
    this.repl = play(this.repl, ...events);
    for (const effect of this.repl.effects.slice(this.#shown)) this.#carryOut(effect);
    this.#shown = this.repl.effects.length;
  }

  #carryOut(effect: Effect): void {
    switch (effect.type) {
      case 'launch':
        this.#requests.push(effect);
        break;
      case 'cancel':
      case 'ask-missed':
        this.#requests.push(effect);
        break;
      case 'follow':
        this.#followed.set(effect.executionId, effect.number);
        break;
      case 'open-block':
        this.blocks.push(`open ${effect.number}`);
        break;
      case 'close-block':
        this.blocks.push(`close ${effect.number}`);
        break;
      case 'refresh':
        this.#requests.push(effect);
        break;
      case 'print':
        this.printed.push(effect.text);
        break;
    }
    for (const { number, executionId } of this.state.entries) {
      if (executionId !== undefined) this.executionOf.set(number, executionId);
    }
  }

  #accept(command: string, own?: number): Execution {
    const number = this.executions.length + 1;
    const execution: Execution = { id: `e${number}`, number, own, command, status: 'queued' };
    this.executions.push(execution);
    this.#tell({ kind: 'queued', executionId: execution.id, command, shellNumber: number, own });
    return execution;
  }

  /** Another client sends a command. */
  foreign(command: string): void {
    this.#accept(command);
  }

  /** The oldest request arrives. Without a connection it does not. */
  request(fate: LaunchFate, starts = false): void {
    if (!this.connected) {
      const index = this.#requests.findIndex(({ type }) => type === 'launch');
      const [launch] = index < 0 ? [] : this.#requests.splice(index, 1);
      if (launch?.type === 'launch') this.#answers.push(failed(launch.number, 'not_sent'));
      return;
    }
    const request = this.#requests.shift();
    if (request?.type === 'cancel') this.#cancel(request.executionId);
    if (request?.type === 'refresh')
      this.#answers.push({ type: 'shell-reported', report: this.#report(), now: NOW });
    if (request?.type === 'ask-missed')
      this.#answers.push({ type: 'missed', commands: this.#listed(request.after), now: NOW });
    if (request?.type !== 'launch') return;
    const { number, command } = request;
    if (fate === 'refused' || fate === 'lost') this.refused.push(command);
    if (fate === 'not_sent' || fate === 'refused') this.#answers.push(failed(number, fate));
    else if (fate === 'lost') this.#answers.push(failed(number, 'unknown'));
    else if (fate === 'lost but taken') {
      this.taken.push(this.#accept(command, number));
      this.#answers.push(failed(number, 'unknown'));
    } else {
      const execution = this.#accept(command, number);
      this.taken.push(execution);
      // It may have begun before the answer leaves.
      if (starts && !this.executions.some(({ status }) => status === 'running')) this.work(0);
      this.#answers.push({
        type: 'launched',
        number,
        executionId: execution.id,
        shellNumber: this.isService ? undefined : execution.number,
        status: execution.status,
        now: NOW,
      });
    }
  }

  #cancel(id: string): void {
    const execution = this.executions.find((one) => one.id === id);
    if (execution?.status !== 'queued') return;
    Object.assign(execution, { status: 'completed', exitStatus: null });
    this.#tell({ kind: 'ended', executionId: id, cancelled: true });
  }

  answer(): void {
    const answer = this.#answers.shift();
    if (answer === undefined) return;
    this.do(answer);
  }

  news(): void {
    const news = this.connected && this.told ? this.#news.shift() : undefined;
    if (news === undefined) return;
    this.do({ type: 'shell-news', news, now: NOW });
  }

  /** The shell goes on: what runs ends, or the next one begins. */
  work(exitStatus: number): void {
    const running = this.executions.find(({ status }) => status === 'running');
    if (running !== undefined) {
      Object.assign(running, { status: 'completed', exitStatus });
      this.#tell({ kind: 'ended', executionId: running.id });
      return;
    }
    const next = this.executions.find(({ status }) => status === 'queued');
    if (next === undefined) return;
    next.status = 'running';
    this.ran.push(next);
    this.#tell({ kind: 'started', executionId: next.id });
  }

  /** Of what is awaited, one that has ended is told; or one that runs has its first output. */
  result(pick: number): void {
    if (!this.connected) return;
    const awaited = [...this.#followed].filter(([id]) => this.#byId(id)?.status !== 'queued');
    const [id, number] = awaited[pick % Math.max(1, awaited.length)] ?? [];
    const execution = id === undefined ? undefined : this.#byId(id);
    if (execution === undefined || id === undefined || number === undefined) return;
    if (execution.status === 'running') {
      this.do({ type: 'output-began', number, now: NOW });
      return;
    }
    this.#followed.delete(id);
    const cancelled = execution.exitStatus === null;
    this.do({
      type: 'settled',
      number,
      now: NOW,
      report: {
        kind: 'completed',
        exitStatus: execution.exitStatus ?? 143,
        reason: cancelled ? 'cancelled' : 'exited',
        message: undefined,
        cwd: undefined,
        durationMs: undefined,
        freshShell: false,
      },
    });
  }

  /** No answer is under way over a break. */
  disconnect(): void {
    while (this.#answers.length > 0) this.answer();
    this.connected = false;
    this.do({
      type: 'connection',
      connection: { state: 'retrying', reason: 'cut', retryInMs: 100 },
      now: NOW,
    });
  }

  /** @param missed what happened meanwhile is not told event by event any more */
  reconnect(missed: boolean): void {
    this.connected = true;
    this.do({ type: 'connection', connection: { state: 'connected' }, now: NOW }, { type: 'relaunch' });
    this.tell(missed);
  }

  /** Only the events are cut; all else is under way. */
  cutNews(): void {
    this.told = false;
  }

  tell(missed: boolean): void {
    this.told = true;
    if (missed && !this.isService) this.#news = [{ kind: 'snapshot', report: this.#report() }];
  }

  #tell(news: ShellNews): void {
    if (!this.isService) this.#news.push(news);
  }

  #report() {
    if (this.isService) return undefined;
    const queue = this.executions.flatMap(({ id, number, own, command, status }) =>
      status === 'completed' ? [] : [{ executionId: id, shellNumber: number, own, command, status }],
    );
    queue.sort((a, b) => Number(b.status === 'running') - Number(a.status === 'running'));
    return { name: 'main', cwd: '/', pid: 7, lastNumber: this.executions.length, queue };
  }

  /** With some that are known already, as a devbox does that lists the newest. */
  #listed(after: number): MissedCommand[] {
    return this.executions
      .slice(Math.max(0, after - 2))
      .map(({ id, number, own, command, status, exitStatus }) => ({
        executionId: id,
        shellNumber: number,
        own,
        command,
        status,
        cancelled: exitStatus === null,
        startedAt: undefined,
      }));
  }

  #byId(id: string): Execution | undefined {
    return this.executions.find((one) => one.id === id);
  }

  /** Its launch was answered, so that its end can be asked for. */
  knownHere({ id }: Execution): boolean {
    return [...this.executionOf.values()].includes(id);
  }

  /** Whether anything is under way or could happen. */
  get busy(): boolean {
    return (
      this.#news.length + this.#requests.length + this.#answers.length + this.#followed.size > 0 ||
      this.executions.some(({ status }) => status !== 'completed')
    );
  }
}

function failed(number: number, failure: 'not_sent' | 'refused' | 'unknown'): ReplEvent {
  return { type: 'launch-failed', number, failure, message: failure };
}
