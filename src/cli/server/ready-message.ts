import { createWriteStream } from 'node:fs';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';

/** The descriptor of the background server's process on which it reports, once, how its start went. */
export const READY_DESCRIPTOR = 3;

export type ReadyMessage =
  | { readonly ready: true }
  | { readonly ready: false; readonly message: string; readonly exitStatus: number };

/** Sends the report and closes the descriptor: nothing that the server starts later may hold it open. */
export function sendReadyMessage(message: ReadyMessage): Promise<void> {
  return new Promise((resolve) => {
    const pipe = createWriteStream('', { fd: READY_DESCRIPTOR });
    // The nsh that started this server may be gone already; the server serves the next one.
    pipe.on('error', () => resolve());
    pipe.end(JSON.stringify(message), () => resolve());
  });
}

/** The report, or undefined when the process ended without one. */
export async function readReadyMessage(pipe: Readable): Promise<ReadyMessage | undefined> {
  const json = await text(pipe);
  return json === '' ? undefined : (JSON.parse(json) as ReadyMessage);
}
