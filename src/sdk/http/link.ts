import type { Logger } from '../options.ts';
import type { RecentIds } from '../recent-ids.ts';
import type { ConnectionMonitor } from './connection-monitor.ts';
import type { Engine } from './engine.ts';
import type { Transport } from './transport.ts';

/** What every part of one client shares. */
export interface Link {
  readonly transport: Transport;
  readonly monitor: ConnectionMonitor;
  readonly engine: Engine;
  /** Executions that this client launched. */
  readonly launched: RecentIds;
  readonly logger: Logger | undefined;
  readonly maxRetries: number;
  /** ms */
  readonly timeout: number;
  /** Longest hold to ask for, s. */
  readonly holdSeconds: number;
  /** A stream that brought nothing for so long is connected again, ms. */
  readonly streamIdleMs: number;
}
