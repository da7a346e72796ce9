import { describe, expect, it } from 'vitest';
import { answer, hold, raw, stall } from '../helpers/misbehaving-server.ts';
import { openFirehose, standstill } from './firehose.ts';
import { scripted } from './scripted.ts';
import { bytes, LAUNCH, onRawRoute, RAW_ERR, RAW_OUT, SERVER, WAIT } from './scripted-output.ts';
import { completed, embedded, running } from './views.ts';

describe('callbacks', () => {
  it('that are slow get everything, in order, before exec returns', async () => {
    const { server, shell } = await scripted();
    const parts = Array.from({ length: 20 }, (_, index) => bytes(`${index}\n`));
    server
      .on(SERVER, answer(200, embedded))
      .on('POST /execute', answer(200, running()))
      .on(WAIT, answer(200, completed('0\n')))
      .on(RAW_OUT, raw(parts, 'end'))
      .on(RAW_ERR, raw([bytes('oops')], 'end'));
    let open = 0;
    const seen: string[] = [];
    const slow = async (chunk: string) => {
      open += 1;
      expect(open).toBe(1);
      await new Promise(setImmediate);
      await new Promise(setImmediate);
      open -= 1;
      seen.push(chunk);
    };
    const all: string[] = [];
    await shell.exec('seq 20', { stdout: slow, stderr: slow, output: (chunk) => all.push(chunk) });
    expect(seen.filter((chunk) => chunk !== 'oops').join('')).toBe(Buffer.concat(parts).toString());
    expect([...all].sort()).toEqual([...seen].sort());
    expect(server.received('POST /execute')[0]?.body).toMatchObject({ optimistic_timeout: 0 });
  });

  it('that are slow hold up the sender of their own stream, and no other', async () => {
    const { server, client, shell } = await scripted();
    const { sent, firehose } = openFirehose();
    server
      .on(SERVER, answer(200, embedded))
      .on(LAUNCH, answer(200, running()))
      .on(WAIT, stall)
      .on(RAW_OUT, firehose)
      .on(RAW_ERR, hold(server.arrived(RAW_OUT), raw([bytes('a'), bytes('b')], 'open')));
    const stderr: string[] = [];
    const both = Promise.withResolvers<void>();
    const execution = await shell.execAsync('yes', {
      stdout: () => new Promise(() => {}),
      stderr: (chunk) => {
        stderr.push(chunk);
        if (stderr.join('') === 'ab') both.resolve();
      },
    });
    const ended = expect(execution.result()).rejects.toMatchObject({ kind: 'aborted' });
    await both.promise;
    await standstill(sent);
    expect(sent.bytes).toBeLessThan(32 * 1024 * 1024);
    await client.close();
    await ended;
  });

  it('that throw reject the result with that error, and others of the shell go on', async () => {
    const { server, shell } = await onRawRoute(raw([bytes('a')], 'end'));
    const mine = new Error('mine');
    const failing = await shell.execAsync('one', { stdout: () => Promise.reject(mine) });
    const chunks: string[] = [];
    const fine = await shell.execAsync('two', { stdout: (chunk) => chunks.push(chunk) });
    await expect(failing.result()).rejects.toBe(mine);
    await fine.result();
    expect(chunks).toEqual(['a']);
    expect(server.received(RAW_OUT)).toHaveLength(2);
  });

  it('that throw end exec with that error while the command still runs, and close its connections', async () => {
    const { server, shell } = await scripted();
    server
      .on(SERVER, answer(200, embedded))
      .on('POST /execute', answer(200, running()))
      .on(WAIT, stall)
      .on(RAW_OUT, raw([bytes('a')], 'open'));
    const mine = new Error('mine');
    const failing = shell.exec('sleep 60', {
      stdout: () => {
        throw mine;
      },
    });
    await expect(failing).rejects.toBe(mine);
    await server.quiet();
  });

  it('of a result that nobody asks for end no process', async () => {
    const { server, shell } = await onRawRoute(raw([bytes('a')], 'end'));
    const called = Promise.withResolvers<void>();
    await shell.execAsync('one', {
      stdout: () => {
        called.resolve();
        throw new Error('mine');
      },
    });
    await called.promise;
    await (await shell.execAsync('two', { stdout: () => {} })).result();
    expect(server.received(RAW_OUT)).toHaveLength(2);
  });

  it('stop with the signal of the launch, also after a new connection', async () => {
    const { server, shell } = await onRawRoute(raw([bytes('a')], 'cut'), raw([bytes('b')], 'open', 1));
    const controller = new AbortController();
    const second = Promise.withResolvers<void>();
    const execution = await shell.execAsync(
      'sleep 60',
      { stdout: (chunk) => chunk === 'b' && second.resolve() },
      { signal: controller.signal },
    );
    const waiting = execution.result();
    await second.promise;
    controller.abort();
    await expect(waiting).rejects.toMatchObject({ kind: 'aborted' });
    await server.arrived(RAW_OUT, 2);
  });
});

describe('executions that wait in the queue of a shell', () => {
  const ids = ['e1', 'e2', 'e3'] as const;

  async function queue() {
    const setting = await scripted();
    const ends = ids.map(() => Promise.withResolvers<void>());
    const view = (id: string) => running({ execution_id: id, status: id === 'e1' ? 'running' : 'queued' });
    setting.server.on(SERVER, answer(200, embedded)).on(LAUNCH, ...ids.map((id) => answer(200, view(id))));
    ids.forEach((id, index) => {
      setting.server
        .on(
          `POST /${id}/wait_for_status`,
          hold(
            ends[index]?.promise ?? Promise.reject(),
            answer(200, completed(`${id} out`, { execution_id: id })),
          ),
        )
        .on(
          `GET /${id}/output/stdout`,
          hold(ends[index]?.promise ?? Promise.reject(), raw([bytes(`${id} out`)], 'end')),
        )
        .on(`POST /${id}/kill`, answer(200, completed('', { execution_id: id, exit_status: null })));
    });
    const chunks: string[] = [];
    const launch = () => setting.shell.execAsync('x', { stdout: (chunk) => chunks.push(chunk) });
    const executions = await Promise.all([launch(), launch(), launch()]);
    return { ...setting, ends, chunks, executions };
  }

  it('open their streams one after the other', async () => {
    const { server, ends, chunks, executions } = await queue();
    const results = executions.map((execution) => execution.result());
    await server.arrived('GET /e1/output/stdout');
    await server.arrived('POST /e3/wait_for_status');
    expect(server.received('GET /e2/output/stdout')).toEqual([]);
    // All end on the server before the first is read to its end: nothing is lost, nothing out of order.
    ends[2]?.resolve();
    ends[1]?.resolve();
    ends[0]?.resolve();
    await Promise.all(results);
    expect(chunks).toEqual(['e1 out', 'e2 out', 'e3 out']);
  });

  it('settle at once when killed, and those behind keep their turn', async () => {
    const { server, ends, chunks, executions } = await queue();
    const [first, second, third] = executions.map((execution) => execution.result());
    await executions[1]?.kill();
    expect((await second)?.exitCode).toBeNull();
    ends[0]?.resolve();
    ends[2]?.resolve();
    await Promise.all([first, third]);
    expect(chunks).toEqual(['e1 out', 'e3 out']);
    expect(server.received('GET /e2/output/stdout')).toEqual([]);
  });
});
