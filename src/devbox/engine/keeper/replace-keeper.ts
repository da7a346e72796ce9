import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { isSameProcess } from '../bash/bash-life.ts';
import { makeFifos } from '../fifos/make-fifos.ts';
import { sendSignal } from '../processes/send-signal.ts';
import { Keeper, type KeeperOptions, type KeeperProcess } from './keeper.ts';
import { keeperFifos, nextKeeperFifo } from './keeper-fifos.ts';

export interface SilentKeeper {
  readonly keeper: Keeper | undefined;
  /** Unset where it is not known. */
  readonly process: KeeperProcess | undefined;
}

/**
 * Starts a keeper in the place of one that does not answer. That one may be dead, slow, or stopped: it gets none of the
 * new one's orders, because that has a FIFO of its own. Once the new one holds everything, the old one is told to quit, and
 * ended where its process is known: what it holds would keep a command from seeing the end of its input.
 *
 * @param fifos names of those to be held
 * @param started is to pass the new one its answers from then on
 */
export async function replaceKeeper(
  options: KeeperOptions,
  fifos: readonly string[],
  silent: SilentKeeper,
  started: (keeper: Keeper) => void,
): Promise<void> {
  const present = keeperFifos(options.dir);
  const name = nextKeeperFifo(present);
  await makeFifos(options.dir, [name]);
  const keeper = Keeper.start(options, name);
  started(keeper);
  await keeper.hold(fifos);
  silent.keeper?.quit();
  for (const old of present) rmSync(join(options.dir, old), { force: true });
  const { process } = silent;
  if (process && (await isSameProcess(process.pid, process.startedAt))) sendSignal(process.pid, 'SIGKILL');
}
