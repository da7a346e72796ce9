/**
 * Sends a signal to a process whose id was read from somewhere. `process.kill` takes an empty text for 0, and 0 for all the
 * processes of the tests.
 *
 * @throws Error when it is no process id
 */
export function sendSignal(pid: string | number | undefined, signal: NodeJS.Signals): void {
  const number = Number(pid);
  if (!Number.isSafeInteger(number) || number <= 1) throw new Error(`No process id: ${JSON.stringify(pid)}`);
  process.kill(number, signal);
}
