/** Longer than this nobody waits for an answer before theirs, ms: the devbox may have to be asked, and not be there. */
const PATIENCE_MS = 5_000;

/** Gives the answers of `:commands` in the order in which they were typed, though some take longer than others. */
export interface Answers {
  /**
   * Carries out what prints an answer: at once when nothing is before it, else when that has been given, or has taken too long.
   *
   * @param give never rejects
   */
  inTurn(give: () => void | Promise<void>): void;
}

export function createAnswers(patienceMs = PATIENCE_MS): Answers {
  let last: Promise<void> | undefined;
  return {
    inTurn(give) {
      const given = last === undefined ? give() : last.then(give);
      if (given === undefined) return;
      let timer: NodeJS.Timeout | undefined;
      const before = last ?? Promise.resolve();
      const tooLong = before.then(
        () =>
          new Promise<void>((resolve) => {
            timer = setTimeout(resolve, patienceMs);
            timer.unref();
          }),
      );
      const turn = Promise.race([given, tooLong]).then(() => {
        clearTimeout(timer);
        if (last === turn) last = undefined;
      });
      last = turn;
    },
  };
}
