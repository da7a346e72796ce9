import type { DevboxNews } from '../../repl/state/event.ts';
import type { Devbox } from '../../sdk/devbox.ts';
import type { DevboxEvent } from '../../sdk/devbox-event.ts';

/** The sdk's events of a devbox in the REPL's words: there nobody can call its methods. */
export async function* devboxNews(
  devbox: Devbox,
  signal: AbortSignal,
  keepAliveEvery: number | undefined,
): AsyncGenerator<DevboxNews> {
  for await (const event of devbox.watch(signal, { keepAliveEvery })) {
    const news = newsOf(event);
    if (news) yield news;
  }
}

function newsOf({ type, message, devbox }: DevboxEvent): DevboxNews | undefined {
  const reason = devbox?.shutdown_reason ?? devbox?.failure_reason ?? 'no reason given';
  switch (type) {
    case 'running':
      return { trouble: undefined, told: undefined, shellsGone: false };
    case 'starting':
      return {
        trouble: 'starting',
        told: 'The devbox is starting: it takes no commands before it runs.',
        shellsGone: false,
      };
    case 'suspended':
      return {
        trouble: 'suspended',
        told: 'The devbox is suspended: its disk is kept, what ran is gone. It takes no commands until it is resumed.',
        shellsGone: true,
      };
    case 'resumed':
      return {
        trouble: undefined,
        told: 'The devbox runs again after it was suspended: this shell is a fresh one, without its directory, variables and jobs.',
        shellsGone: true,
      };
    case 'keep_alive_failed':
      return { trouble: 'not kept alive', told: message, shellsGone: false };
    case 'out_of_time':
      return {
        trouble: 'out of time',
        told: `The devbox has ended, its time was over (${reason}). Create another; --keep-alive keeps one while you are attached.`,
        shellsGone: true,
      };
    case 'shutdown':
      return {
        trouble: 'shut down',
        told: `The devbox was shut down (${reason}). Create another.`,
        shellsGone: true,
      };
    case 'failed':
      return {
        trouble: 'failed',
        told: `The devbox has failed (${reason}). Create another.`,
        shellsGone: true,
      };
    case 'not_found':
      return { trouble: 'gone', told: message, shellsGone: true };
    case 'unauthorized':
      // The connection's own event tells it.
      return undefined;
  }
}
