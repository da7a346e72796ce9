import type { MissedCommand, ReplEvent, ShellReport } from '../event.ts';
import type { ReplState } from '../state.ts';
import { andThen, print, type Step, step } from '../step.ts';
import { plural } from '../text/plural.ts';
import { findById, head, shellNumberOf } from './entries.ts';
import { known, learn } from './known.ts';
import { showEnds } from './settle.ts';
import { follow, heldUpBy } from './turn.ts';

/**
 * News were cut, and go on from this report: it has what runs and waits, but not what came and went meanwhile. Whether there
 * is such a thing the numbers tell; what it is, the devbox is asked. Until it has answered no block behind that opens.
 */
export function askMissed(state: ReplState, { lastNumber }: ShellReport): Step {
  if (lastNumber === undefined) return step(state);
  const after = state.missing?.after ?? state.toldUpTo ?? lastNumber;
  // An answer may have told of newer ones.
  const upTo = Math.max(lastNumber, state.missing?.upTo ?? 0);
  const told = { ...state, toldUpTo: Math.max(upTo, state.toldUpTo ?? 0) };
  const known = state.entries.filter((entry) => {
    const number = shellNumberOf(entry);
    return number !== undefined && number > after && number <= upTo;
  });
  return upTo - after <= known.length ? step({ ...told, missing: undefined }) : askBehind(told, after, upTo);
}

function askBehind(state: ReplState, after: number, upTo: number): Step {
  return step({ ...state, missing: { after, upTo } }, { type: 'ask-missed', after, upTo });
}

/** The answer to a launch may overtake the news before it; when they do not come, the devbox is asked. */
export function askWhatHoldsUp(state: ReplState): Step {
  const first = head(state);
  const number = first && shellNumberOf(first);
  if (heldUpBy(state) !== 'news' || number === undefined) return step(state);
  return askBehind({ ...state, toldUpTo: number }, state.toldUpTo ?? number - 1, number);
}

/** What was missed comes to its place, and is shown as if one had been there: its output is read from the first byte. */
export function missed(state: ReplState, event: Extract<ReplEvent, { type: 'missed' }>): Step {
  const { missing } = state;
  if (missing === undefined) return step(state);
  const { commands, problem, now } = event;
  if (problem !== undefined) {
    const told = print(`What ran here while the connection was cut could not be read: ${problem}`, 'error');
    return andThen(step({ ...state, missing: undefined }, told), (at) => showEnds(at, now));
  }
  const upTo = commands.at(-1)?.shellNumber ?? missing.upTo;
  const news = commands.filter(
    ({ executionId, shellNumber }) => shellNumber > missing.after && !state.shownEnds.includes(executionId),
  );
  const gone = (commands[0]?.shellNumber ?? missing.upTo + 1) - missing.after - 1;
  const lost = print(
    `${plural(gone, 'command')} before these: the devbox does not hold them any more`,
    'dim',
  );
  const toldUpTo = Math.max(upTo, state.toldUpTo ?? 0);
  const taken = { ...news.reduce(withMissed, state), toldUpTo };
  // An older answer does not know what the newest question is about.
  const answered = upTo < missing.upTo ? taken : { ...taken, missing: undefined };
  const never = news.filter(({ cancelled }) => cancelled);
  const followed = follow(
    answered,
    never.flatMap(({ executionId }) => findById(answered, executionId) ?? []),
  );
  return andThen(followed, (at) =>
    andThen(step(at, ...(gone > 0 ? [lost] : [])), (then) => showEnds(then, now)),
  );
}

function withMissed(state: ReplState, missed: MissedCommand): ReplState {
  const { executionId, status, startedAt } = missed;
  const at = known(state, { ...missed, startedAt: undefined });
  if (status === 'queued') return at;
  return learn(at, executionId, {
    startedAt: missed.cancelled ? undefined : (startedAt ?? state.now),
    ended: status === 'completed' || undefined,
  });
}
