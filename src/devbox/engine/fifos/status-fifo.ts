import { constants, openSync } from 'node:fs';
import { Socket } from 'node:net';
import { readAvailable } from './read-available.ts';
import { type StatusRecord, StatusRecords } from './status-records.ts';

/** Reads bash's reports. It holds the FIFO open for writing too: bash opens it anew for each record. */
export class StatusFifo {
  readonly #fd: number;
  readonly #socket: Socket;
  readonly #records = new StatusRecords();
  onRecord: (record: StatusRecord) => void = () => {};

  constructor(path: string) {
    this.#fd = openSync(path, constants.O_RDWR | constants.O_NONBLOCK);
    const buffer = Buffer.allocUnsafeSlow(8192);
    this.#socket = new Socket({
      fd: this.#fd,
      readable: true,
      writable: false,
      onread: {
        buffer,
        callback: (bytes) => {
          this.#take(buffer.subarray(0, bytes));
          return true;
        },
      },
    });
    // An O_RDWR FIFO has no end and no reset; were it to fail, bash would be found silent by its watchdog.
    this.#socket.on('error', () => {});
  }

  /** Handles what bash wrote before it ended. */
  drain(): void {
    const buffer = Buffer.allocUnsafe(8192);
    while (!this.#socket.destroyed) {
      const bytes = readAvailable(this.#fd, buffer);
      if (!bytes) return;
      this.#take(buffer.subarray(0, bytes));
    }
  }

  close(): void {
    this.#socket.destroy();
  }

  #take(chunk: Uint8Array): void {
    for (const record of this.#records.push(chunk)) this.onRecord(record);
  }
}
