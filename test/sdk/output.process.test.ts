import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { answer, type Behaviour, event, events, hold, raw, stall } from '../helpers/misbehaving-server.ts';
import { scripted } from './scripted.ts';
import { completed, EXECUTION_ID, embedded, running } from './views.ts';

const LAUNCH = 'POST /execute_async';
const WAIT = 'POST /wait_for_status';
const STATE = `GET /executions/${EXECUTION_ID}`;
const STDOUT = 'GET /stream_stdout_updates';
const STDERR = 'GET /stream_stderr_updates';
const RAW_OUT = 'GET /output/stdout';
const RAW_ERR = 'GET /output/stderr';
const SERVER = 'GET /nsh/v1/server';

const offsets = (requests: readonly { query: URLSearchParams }[]) =>
  requests.map(({ query }) => query.get('offset'));
const bytes = (text: string) => Buffer.from(text);

/** A command on the embedded devbox whose stdout is served as told. */
async function onRawRoute(...stdout: Behaviour[]) {
  const setting = await scripted();
  setting.server
    .on(SERVER, answer(200, embedded))
    .on(LAUNCH, answer(200, running()))
    .on(WAIT, answer(200, completed('…', { stdout_truncated: true })))
    .on(RAW_OUT, ...stdout)
    .on(RAW_ERR, raw([], 'end'));
  return setting;
}

/** A command on the service, which has text events alone. */
async function onEventRoute(...stdout: Behaviour[]) {
  const setting = await scripted();
  setting.server
    .on(LAUNCH, answer(200, running()))
    .on(WAIT, answer(200, completed('…', { stdout_truncated: true })))
    .on(STATE, answer(200, completed('…', { stdout_truncated: true })))
    .on(STDOUT, ...stdout)
    .on(STDERR, events([], 'end'));
  return setting;
}

describe('callbacks over the raw route', () => {
  it('get characters whole that were cut between two chunks, and between two connections', async () => {
    const text = bytes('né€😀!');
    const { server, shell } = await onRawRoute(
      raw([text.subarray(0, 2)], 'cut'),
      raw([text.subarray(2, 4), text.subarray(4, 8)], 'cut', 2),
      raw([text.subarray(8)], 'end', 8),
    );
    const chunks: string[] = [];
    const execution = await shell.execAsync('print', { stdout: (chunk) => chunks.push(chunk) });
    await execution.result();
    expect(chunks.join('')).toBe('né€😀!');
    expect(chunks.join('')).not.toContain('\ufffd');
    expect(offsets(server.received(RAW_OUT))).toEqual(['0', '2', '8']);
  });

  it('keep a byte order mark and show what is no UTF-8', async () => {
    const { shell } = await onRawRoute(raw([Buffer.from([0xef, 0xbb, 0xbf, 0x61, 0xff, 0xe2])], 'end'));
    const chunks: string[] = [];
    await (await shell.execAsync('print', { stdout: (chunk) => chunks.push(chunk) })).result();
    expect(chunks.join('')).toBe('\ufeffa\ufffd\ufffd');
  });

  it('skip what a server sends again before the asked offset', async () => {
    const { shell } = await onRawRoute(raw([bytes('abc')], 'cut'), raw([bytes('abcdef')], 'end', 0));
    const chunks: string[] = [];
    await (await shell.execAsync('print', { stdout: (chunk) => chunks.push(chunk) })).result();
    expect(chunks.join('')).toBe('abcdef');
  });

  it('ask once for the kind of server', async () => {
    const { server, shell } = await onRawRoute(raw([bytes('a')], 'end'));
    for (let run = 0; run < 3; run++) await (await shell.execAsync('x', { output: () => {} })).result();
    expect(server.received(SERVER)).toHaveLength(1);
  });
});

describe('callbacks over server-sent events', () => {
  const lines = ['one\n', 'zwölf\n', 'three\n'];
  const starts = [0, 4, 11];
  const [one = '', two = '', three = ''] = lines.map((line, index) => event(line, starts[index]));

  async function collect(...stdout: Behaviour[]) {
    const { server, shell } = await onEventRoute(...stdout);
    const chunks: string[] = [];
    await (await shell.execAsync('print', { stdout: (chunk) => chunks.push(chunk) })).result();
    return { text: chunks.join(''), offsets: offsets(server.received(STDOUT)) };
  }

  it('resume from the next byte after a cut inside an event', async () => {
    const { text, offsets } = await collect(
      events([one, two.slice(0, 15)], 'cut'),
      events([two, three], 'end'),
      events([], 'end'),
    );
    expect(text).toBe(lines.join(''));
    expect(offsets).toEqual([null, '4', '17']);
  });

  it('resume from the next byte after a cut inside a character', async () => {
    const wire = bytes(two);
    const inside = wire.indexOf(bytes('ö')) + 1;
    const { text } = await collect(
      events([one, wire.subarray(0, inside)], 'cut'),
      events([two, three], 'end'),
      events([], 'end'),
    );
    expect(text).toBe(lines.join(''));
  });

  it('read on after an end that came before the command was over', async () => {
    const { server, shell } = await scripted();
    server
      .on(LAUNCH, answer(200, running()))
      .on(WAIT, stall)
      .on(STATE, answer(200, running()), answer(200, completed('…')))
      .on(STDOUT, events([one], 'end'), events([two, three], 'end'), events([], 'end'));
    const chunks: string[] = [];
    const execution = await shell.execAsync('print', { stdout: (chunk) => chunks.push(chunk) });
    await execution.result();
    expect(chunks.join('')).toBe(lines.join(''));
    expect(offsets(server.received(STDOUT))).toEqual([null, '4', '17']);
  });

  it('connect again after the idle time-out', async () => {
    const idle = 'event: error\ndata: {"code": "408", "message": "idle"}\n\n';
    const { text } = await collect(
      events([one, idle], 'end'),
      events([two, three], 'end'),
      events([], 'end'),
    );
    expect(text).toBe(lines.join(''));
  });

  it.each([
    ['start', starts],
    ['end', [4, 11, 17]],
  ])('drop what comes twice, where the offset is the %s of a chunk', async (_name, at) => {
    const [a = '', b = '', c = ''] = lines.map((line, index) => event(line, at[index]));
    const { text } = await collect(events([a, b], 'cut'), events([a, b, c], 'end'), events([b, c], 'end'));
    expect(text).toBe(lines.join(''));
  });

  it('drop the part of a chunk that came before, by bytes', async () => {
    const { text } = await collect(
      events([event('zwö', 0)], 'cut'),
      events([event('wölf', 1)], 'end'),
      events([], 'end'),
    );
    expect(text).toBe('zwölf');
  });

  it('count for themselves where events have no offset', async () => {
    const bare = lines.map((line) => event(line));
    const { text, offsets } = await collect(
      events(bare.slice(0, 2), 'cut'),
      events(bare.slice(2), 'end'),
      events([], 'end'),
    );
    expect(text).toBe(lines.join(''));
    expect(offsets).toEqual([null, '11', '17']);
  });

  it.each([
    [
      'an error event',
      'event: error\ndata: {"code": "404", "message": "no such execution"}\n\n',
      'not_found',
    ],
    ['an event that is no output', 'data: <html>\n\n', 'protocol'],
  ])('end with %s', async (_name, bad, kind) => {
    const { shell } = await onEventRoute(events([one, bad], 'open'));
    const chunks: string[] = [];
    const execution = await shell.execAsync('print', { stdout: (chunk) => chunks.push(chunk) });
    await expect(execution.result()).rejects.toMatchObject({ kind });
    expect(chunks.join('')).toBe('one\n');
  });

  it('end with a 404', async () => {
    const { shell } = await onEventRoute(answer(404, { message: 'no such execution' }));
    const execution = await shell.execAsync('print', { stdout: () => {} });
    await expect(execution.result()).rejects.toMatchObject({ kind: 'not_found' });
  });
});

describe('callbacks', () => {
  it('that are slow get everything, in order, before exec returns', async () => {
    const { server, shell } = await scripted();
    const parts = Array.from({ length: 20 }, (_, index) => bytes(`${index}\n`));
    server
      .on(SERVER, answer(200, embedded))
      .on('POST /execute', answer(200, running()))
      .on(WAIT, answer(200, completed('…')))
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
          hold(ends[index]?.promise ?? Promise.reject(), answer(200, completed('…', { execution_id: id }))),
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

describe('bytes()', () => {
  it('are exact over the raw route, whatever they are', async () => {
    const all = Buffer.from(Array.from({ length: 256 }, (_, index) => index));
    const { shell } = await onRawRoute(
      raw([all.subarray(0, 130)], 'cut'),
      raw([all.subarray(130)], 'end', 130),
    );
    const execution = await shell.execAsync('print');
    const chunks: Uint8Array[] = [];
    for await (const chunk of execution.bytes('stdout')) chunks.push(chunk);
    expect(Buffer.concat(chunks)).toEqual(all);
  });

  it('come from events on the service', async () => {
    const { shell } = await onEventRoute(
      events([event('zwö', 0)], 'cut'),
      events([event('lf', 4)], 'end'),
      events([], 'end'),
    );
    const chunks: Uint8Array[] = [];
    for await (const chunk of (await shell.execAsync('print')).bytes('stdout')) chunks.push(chunk);
    expect(Buffer.concat(chunks).toString()).toBe('zwölf');
  });

  it('leave no connection when the loop is left or the signal fires', async () => {
    const { server, shell } = await onRawRoute(raw([bytes('a')], 'open'));
    const execution = await shell.execAsync('sleep 60');
    for await (const chunk of execution.bytes('stdout')) {
      expect(Buffer.from(chunk).toString()).toBe('a');
      break;
    }
    const controller = new AbortController();
    const reading = (async () => {
      for await (const _ of execution.bytes('stdout', { signal: controller.signal })) controller.abort();
    })();
    await expect(reading).rejects.toMatchObject({ kind: 'aborted' });
    await server.quiet();
  });

  it('pull: the server is not read ahead of a slow consumer', async () => {
    const sent = { bytes: 0 };
    const firehose: Behaviour = async (response) => {
      response.writeHead(200, { 'nsh-offset': '0' });
      const block = Buffer.alloc(64 * 1024);
      const gone = once(response, 'close');
      while (!response.destroyed) {
        if (!response.write(block)) {
          await Promise.race([once(response, 'drain'), gone]);
        }
        sent.bytes += block.length;
      }
    };
    const { shell } = await onRawRoute(firehose);
    const execution = await shell.execAsync('yes');
    for await (const _ of execution.bytes('stdout')) {
      // The consumer is busy: two looks apart, with turns of the event loop between, must show a standstill.
      let before = -1;
      await expect
        .poll(
          () => {
            const still = sent.bytes === before;
            before = sent.bytes;
            return still;
          },
          { interval: 100 },
        )
        .toBe(true);
      expect(sent.bytes).toBeLessThan(32 * 1024 * 1024);
      break;
    }
  });
});

describe('ExecutionResult', () => {
  it('fetches the whole output when the view holds the tail alone', async () => {
    const { server, shell } = await onRawRoute(raw([bytes('a\nb\nc\n')], 'end'));
    const result = await (await shell.execAsync('print')).result();
    expect(await result.stdout()).toBe('a\nb\nc\n');
    expect(await result.stderr()).toBe('');
    expect(server.received(RAW_OUT)).toHaveLength(1);
  });

  it('asks for as many lines as are wanted, and only when they are not there', async () => {
    const { server, shell } = await scripted();
    server
      .on('POST /execute', answer(200, completed('y\nz\n', { stdout_truncated: true })))
      .on(STATE, answer(200, completed('w\nx\ny\nz\n', { stdout_truncated: true })));
    const result = await shell.exec('print');
    expect(await result.stdout(2)).toBe('y\nz');
    expect(server.received(STATE)).toHaveLength(0);
    expect(await result.stdout(4)).toBe('w\nx\ny\nz');
    expect(server.received(STATE)[0]?.query.get('last_n')).toBe('4');
  });
});
