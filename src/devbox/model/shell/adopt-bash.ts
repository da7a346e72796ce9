import { join } from 'node:path';
import { isSameProcess } from '../../engine/bash/bash-life.ts';
import { type AdoptedSession, BashSession } from '../../engine/bash-session.ts';
import { readFacts, type SessionFacts } from '../../engine/session-facts.ts';
import { sessionPaths } from '../../engine/session-folder.ts';
import type { Execution } from '../execution/execution.ts';
import type { BashSetting } from './start-bash.ts';

export interface AdoptedBash extends AdoptedSession {
  /** Of its folder. */
  readonly name: string;
  /** Whether bash itself lives. A dead one only tells what happened before its end. */
  readonly alive: boolean;
  /** Aborted by whoever takes it, when it has ended. */
  readonly end: AbortController;
}

/** The command that a bash was given last, as it noted before it was; undefined when it was given none, or is gone. */
export function lastTag(setting: BashSetting, name: string): string | undefined {
  return factsOf(setting, name)?.command?.tag;
}

/**
 * Takes over a bash that another server has left, with the command that may be running.
 *
 * @param executionOf finds the execution whose output comes
 * @returns undefined when it is gone and tells nothing
 */
export async function adoptBash(
  setting: BashSetting,
  name: string,
  executionOf: (id: string) => Execution | undefined,
): Promise<AdoptedBash | undefined> {
  const facts = factsOf(setting, name);
  if (facts === undefined) return undefined;
  const end = new AbortController();
  const alive = await isSameProcess(facts.pid, facts.startedAt);
  try {
    const adopted = await BashSession.adopt({
      dir: join(setting.sessionsDir, name),
      sinks: (tag) => {
        const execution = tag === undefined ? undefined : executionOf(tag);
        if (execution === undefined) return undefined;
        execution.late.begin(end.signal);
        return {
          stdout: (chunk) => execution.append('stdout', chunk),
          stderr: (chunk) => execution.append('stderr', chunk),
          late: (stream, chunk) => execution.appendLate(stream, chunk),
        };
      },
    });
    return { ...adopted, name, alive, end };
  } catch {
    // Its folder is gone or cannot be used: whoever asked says so of the commands, and what is left of it is reaped.
    return undefined;
  }
}

function factsOf(setting: BashSetting, name: string): SessionFacts | undefined {
  try {
    return readFacts(sessionPaths(join(setting.sessionsDir, name)).facts);
  } catch {
    return undefined; // none that are whole: its start was never told of
  }
}
