import type { IncomingMessage } from 'node:http';
import { onTestFinished } from 'vitest';
import { type ShellEvent, shellEvent } from '../../../src/api/extension/shell-event.ts';
import { createEventDecoder } from '../../../src/api/sse/decode.ts';
import type { TestDevbox } from '../../helpers/devbox-server.ts';
import { open } from './raw-client.ts';

export type EventOf<Type extends ShellEvent['type']> = Extract<ShellEvent, { type: Type }>;

/** A client that watches shells: every event it got, in order, each checked against the contract. */
export class EventReader {
  readonly incoming: IncomingMessage;
  readonly events: ShellEvent[] = [];
  readonly #decoder = createEventDecoder();
  #wake = Promise.withResolvers<void>();
  #ended = false;

  /** Connects; the test's end cuts the connection. */
  static async open(
    devbox: TestDevbox,
    path: string,
    headers: Record<string, string> = {},
  ): Promise<EventReader> {
    const reader = new EventReader(await open(devbox, { method: 'GET', path, headers }));
    reader.read();
    return reader;
  }

  constructor(incoming: IncomingMessage) {
    this.incoming = incoming;
    onTestFinished(() => {
      incoming.destroy();
    });
  }

  /** Starts to read: a connection that was opened and is not read is a stuck one. */
  read(): void {
    this.incoming.on('data', (bytes: Uint8Array) => {
      for (const { data } of this.#decoder.feed(bytes)) this.events.push(shellEvent.parse(JSON.parse(data)));
      this.#changed();
    });
    this.incoming.on('close', () => {
      this.#ended = true;
      this.#changed();
    });
  }

  /** Waits until an event fits, also one that came before. */
  async until(fits: (event: ShellEvent) => boolean): Promise<ShellEvent> {
    for (;;) {
      const found = this.events.find(fits);
      if (found !== undefined) return found;
      if (this.#ended) throw new Error(`The stream ended without it; it had: ${JSON.stringify(this.events)}`);
      await this.#wake.promise;
    }
  }

  /** Waits for the first event of a type, of an execution if one is named. */
  async first<Type extends ShellEvent['type']>(type: Type, executionId?: string): Promise<EventOf<Type>> {
    const found = await this.until(
      (event) => event.type === type && (executionId === undefined || event.execution_id === executionId),
    );
    return found as EventOf<Type>;
  }

  async end(): Promise<void> {
    while (!this.#ended) await this.#wake.promise;
  }

  types(): ShellEvent['type'][] {
    return this.events.map((event) => event.type);
  }

  #changed(): void {
    this.#wake.resolve();
    this.#wake = Promise.withResolvers();
  }
}

/** What a client knows of the shells from a snapshot and what follows. */
export function applied(events: readonly ShellEvent[]): Map<string, { state: string; queue: string[] }> {
  const shells = new Map<string, { state: string; queue: string[] }>();
  const of = (name: unknown) => {
    const known = shells.get(String(name)) ?? { state: 'ended', queue: [] };
    shells.set(String(name), known);
    return known;
  };
  for (const event of events) {
    if (event.type === 'snapshot') {
      shells.clear();
      for (const { shell_name, state, queue } of event.shells) {
        shells.set(shell_name, { state, queue: queue.map(({ execution_id }) => execution_id) });
      }
    } else if (event.type === 'queued') {
      of(event.shell_name).queue.push(event.execution_id);
    } else if (event.type === 'completed' || event.type === 'cancelled') {
      const shell = shells.get(event.shell_name);
      if (shell !== undefined) shell.queue = shell.queue.filter((id) => id !== event.execution_id);
    } else if (event.type === 'shell_opened') {
      of(event.shell_name).state = 'idle';
    } else if (event.type === 'shell_ended') {
      of(event.shell_name).state = 'ended';
    } else if (event.type === 'shell_closed') {
      shells.delete(event.shell_name);
    }
  }
  return shells;
}
