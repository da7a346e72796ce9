import type { JournalRecord, RecordOf } from './journal-record.ts';

export interface PastExecution {
  readonly accepted: RecordOf<'accepted'>;
  readonly inputs: RecordOf<'input'>[];
  started?: RecordOf<'started'>;
  ended?: RecordOf<'ended'>;
}

/** What earlier servers have left of a devbox, by its journal. */
export interface DevboxPast {
  /** In the order in which they were accepted. */
  readonly executions: ReadonlyMap<string, PastExecution>;
  readonly shells: ReadonlyMap<string, RecordOf<'shell'>>;
  /** The last server ended in peace: nothing was lost. */
  readonly handedOver: boolean;
}

export function readPast(records: Iterable<JournalRecord>): DevboxPast {
  const executions = new Map<string, PastExecution>();
  const shells = new Map<string, RecordOf<'shell'>>();
  let handedOver = false;
  for (const record of records) {
    handedOver = record.t === 'handed_over';
    if (record.t === 'accepted') executions.set(record.id, { accepted: record, inputs: [] });
    else if (record.t === 'forgotten') executions.delete(record.id);
    else if (record.t === 'shell') shells.set(record.name, record);
    else if (record.t === 'shell_closed') shells.delete(record.name);
    else if (record.t !== 'handed_over') note(executions.get(record.id), record);
  }
  return { executions, shells, handedOver };
}

/** The shortest journal that tells the same. */
export function* recordsOf({ executions, shells, handedOver }: DevboxPast): Generator<JournalRecord, void> {
  yield* shells.values();
  for (const { accepted, inputs, started, ended } of executions.values()) {
    yield accepted;
    if (started === undefined) yield* inputs;
    else yield started;
    if (ended !== undefined) yield ended;
  }
  if (handedOver) yield { t: 'handed_over' };
}

function note(execution: PastExecution | undefined, record: RecordOf<'input' | 'started' | 'ended'>): void {
  if (execution === undefined) return;
  if (record.t === 'input') execution.inputs.push(record);
  else if (record.t === 'started') execution.started = record;
  // The first end counts, as in life.
  else execution.ended ??= record;
}
