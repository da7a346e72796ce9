import type { ConnectionEvent } from '../../sdk/http/connection-monitor.ts';
import { tell } from '../standard-streams.ts';

type Listener = (event: ConnectionEvent) => void;

/** Hands the client's news of its connection to whoever shows them: the client takes one listener, at its start. */
export class ConnectionEvents {
  #listener: Listener = tellPeople;
  #onTrouble: () => void = () => undefined;

  readonly emit: Listener = (event) => {
    this.#listener(event);
    if (event.state === 'retrying') this.#onTrouble();
  };

  /** Called, whoever listens, each time the connection failed. */
  onTrouble(look: () => void): void {
    this.#onTrouble = look;
  }

  /**
   * Takes the news from the present listener.
   *
   * @returns gives them back
   */
  subscribe(listener: Listener): () => void {
    const before = this.#listener;
    this.#listener = listener;
    return () => {
      this.#listener = before;
    };
  }
}

/** A program's stderr must hold what the command wrote and nothing else; people want to know why nothing happens. */
function tellPeople(event: ConnectionEvent): void {
  if (event.state !== 'retrying' || !process.stderr.isTTY) return;
  tell(`${event.reason}; trying again in ${Math.ceil(event.retryInMs / 1000)} s.`);
}
