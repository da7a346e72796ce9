import { expect, test } from 'vitest';
import { Execution, type ExecutionOwner } from '../../../src/devbox/model/execution/execution.ts';
import {
  ExecutionRegistry,
  type RetentionLimits,
} from '../../../src/devbox/model/execution/execution-registry.ts';
import { OutputFiles } from '../../../src/devbox/model/execution/output-files.ts';

const LIMITS: RetentionLimits = { perShell: 3, perDevbox: 5, memoryBytes: 1e9, outputBytes: 1e9 };
const NO_OWNER: ExecutionOwner = { cancel() {}, isNext: () => false };

function registry(limits: Partial<RetentionLimits> = {}) {
  const kept = new ExecutionRegistry({ ...LIMITS, ...limits });
  const add = (shellName: string | undefined, more: { commandId?: string; command?: string } = {}) => {
    const request = {
      command: ':',
      attachStdin: false,
      ...(shellName === undefined ? {} : { shellName }),
      ...more,
    };
    const execution = new Execution({
      devboxId: 'local',
      request,
      owner: NO_OWNER,
      observer: { happened() {}, grew() {} },
      files: new OutputFiles('/dev/null'),
    });
    kept.add(execution);
    return execution;
  };
  const complete = (execution: Execution) => {
    execution.complete({ reason: 'exited', exitStatus: 0 });
    kept.retire(execution);
    return execution;
  };
  return { kept, add, complete, ids: () => [...kept.all()].map((execution) => execution.id) };
}

test('of a shell the newest completed ones are kept, and all that wait or run', () => {
  const { add, complete, ids } = registry();
  const waiting = add('a');
  const [, ...newest] = Array.from({ length: 4 }, () => complete(add('a')));
  expect(ids()).toEqual([waiting, ...newest].map(({ id }) => id));
});

test('of a devbox the newest completed ones of all shells are kept', () => {
  const { add, complete, ids } = registry();
  const [, , ...newest] = ['a', 'b', undefined, 'a', 'b', undefined, undefined].map((name) =>
    complete(add(name)),
  );
  expect(ids()).toEqual(newest.map(({ id }) => id));
});

test('the order is that of completion, not of acceptance', () => {
  const { add, complete, ids } = registry({ perShell: 1 });
  const [first, second] = [add('a'), add('a')];
  complete(second);
  complete(first);
  expect(ids()).toEqual([first.id]);
});

test('long commands and outputs count, but the newest always stays', () => {
  const { add, complete, ids } = registry({ memoryBytes: 1000 });
  complete(add('a'));
  const long = complete(add('a', { command: 'x'.repeat(5000) }));
  expect(ids()).toEqual([long.id]);
  const output = registry({ outputBytes: 10 });
  output.complete(output.add('a'));
  const loud = output.add('a');
  loud.stdout.append(new Uint8Array(100));
  output.complete(loud);
  expect(output.ids()).toEqual([loud.id]);
});

test('a dropped execution is gone by its id, and not run again under its command id', () => {
  const { kept, add, complete } = registry({ perShell: 1 });
  const old = complete(add('a', { commandId: 'one' }));
  expect(kept.same(old.request)).toBe(old);
  complete(add('a'));
  const dropped = expect.objectContaining({ status: 410, code: 'execution_dropped' });
  expect(() => kept.same(old.request)).toThrow(dropped);
  expect(() => kept.get('one')).toThrow(dropped);
  expect(() => kept.get(old.id)).toThrow(
    expect.objectContaining({
      status: 404,
      code: 'execution_not_found',
      message: expect.stringContaining(old.id),
    }),
  );
});

test('late output counts as it comes, also what comes after its execution was dropped', async () => {
  const { kept, add, complete, ids } = registry({ outputBytes: 100 });
  const old = complete(add('a'));
  const chatty = complete(add('a'));
  const last = complete(add('a'));
  chatty.appendLate('stdout', new Uint8Array(60));
  kept.recount(chatty);
  expect(ids()).toEqual([old, chatty, last].map(({ id }) => id));
  chatty.appendLate('stderr', new Uint8Array(60));
  kept.recount(chatty);
  expect(ids()).toEqual([last.id]);
  chatty.appendLate('stdout', new Uint8Array(60));
  kept.recount(chatty);
  const next = complete(add('a'));
  next.appendLate('stdout', new Uint8Array(90));
  kept.recount(next);
  expect(ids()).toEqual([last, next].map(({ id }) => id));
});
