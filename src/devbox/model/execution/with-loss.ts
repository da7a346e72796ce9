import type { ExecutionEnd } from './execution-request.ts';

/** The end of a command of which something may have been lost on the way. */
export function withLoss(end: ExecutionEnd, loss: string): ExecutionEnd {
  return { ...end, message: end.message === undefined ? loss : `${end.message}; ${loss}` };
}
