import type { ExecutionStatus, ExecutionView } from '../api/execution.ts';

/** The end of one execution, learned from whichever answer says it first: a launch, a wait, a look, a kill. */
export class Completion {
  /** Resolves with the completed view; never rejects. */
  readonly reached: Promise<ExecutionView>;
  #view: ExecutionView | undefined;
  #status: ExecutionStatus | undefined;
  #number: number | undefined;
  readonly #resolve: (view: ExecutionView) => void;

  constructor() {
    const { promise, resolve } = Promise.withResolvers<ExecutionView>();
    this.reached = promise;
    this.#resolve = resolve;
  }

  /** The completed view. */
  get view(): ExecutionView | undefined {
    return this.#view;
  }

  /** The status as last heard. */
  get status(): ExecutionStatus | undefined {
    return this.#view ? 'completed' : this.#status;
  }

  /** Its number in its shell, as last heard. */
  get number(): number | undefined {
    return this.#number;
  }

  observe(view: ExecutionView): ExecutionView {
    this.#number = view.nsh?.number ?? this.#number;
    this.#status = view.status;
    if (view.status === 'completed' && this.#view === undefined) {
      this.#view = view;
      this.#resolve(view);
    }
    return view;
  }
}

/** Whether a completed command wrote nothing, as one does that was cancelled in the queue. */
export function wroteNothing(view: ExecutionView): boolean {
  if (view.nsh) return view.nsh.stdout_bytes === 0 && view.nsh.stderr_bytes === 0;
  return !view.stdout && !view.stderr && !view.stdout_truncated && !view.stderr_truncated;
}
