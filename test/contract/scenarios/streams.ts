import { expect } from 'vitest';
import { type Scenario, scenario } from '../scenario.ts';

/** Output as it comes: callbacks, and the streams below them. */
export const streams: Scenario[] = [
  scenario('exec with callbacks: both streams, and both together', async ({ create }) => {
    const heard = { stdout: '', stderr: '', output: '' };
    const result = await (await create()).cmd.exec('for i in 1 2; do echo "ü $i"; done; echo e >&2', {
      stdout: (text) => (heard.stdout += text),
      stderr: (text) => (heard.stderr += text),
      output: (text) => (heard.output += text),
    });
    expect([heard.stdout, heard.stderr]).toEqual(['ü 1\nü 2\n', 'e\n']);
    expect([...heard.output].sort()).toEqual([...`${heard.stdout}${heard.stderr}`].sort());
    expect([await result.stdout(), result.exitCode]).toEqual([heard.stdout, 0]);
  }),

  scenario('a callback hears while the command runs', async ({ create }) => {
    const devbox = await create();
    const shell = devbox.shell('main');
    const first = Promise.withResolvers<string>();
    const execution = await shell.execAsync('echo first; while [ ! -e go ]; do sleep 0.02; done; echo last', {
      stdout: first.resolve,
    });
    expect(await first.promise).toBe('first\n');
    expect((await execution.getState()).status).toBe('running');
    await devbox.cmd.exec('touch go');
    expect(await (await execution.result()).stdout()).toBe('first\nlast\n');
  }),

  scenario('callbacks in a shell: also for a command that waits', async ({ create }) => {
    const shell = (await create()).shell('main');
    const pieces: string[] = [];
    const first = await shell.execAsync('sleep 0.1; echo first', { stdout: (text) => pieces.push(text) });
    const second = await shell.execAsync('echo second', { stdout: (text) => pieces.push(text) });
    await Promise.all([second.result(), first.result()]);
    expect(pieces).toEqual(['first\n', 'second\n']);
  }),

  scenario('callbacks hear all of a large output', async ({ create }) => {
    let length = 0;
    let last = '';
    const stdout = (text: string) => {
      length += text.length;
      last = text.slice(-10);
    };
    await (await create()).cmd.exec('seq 500000', { stdout });
    expect([length, last]).toEqual([3_388_895, '99\n500000\n']);
  }),

  scenario('streamStdoutUpdates: chunks with their offsets', async ({ create, api, answers }) => {
    const devbox = await create();
    const { executionId } = await devbox.cmd.exec('echo one; echo zwölf');
    const chunks = [];
    for await (const chunk of await api.devboxes.executions.streamStdoutUpdates(devbox.id, executionId)) {
      chunks.push(chunk);
    }
    answers.add('Runloop.Devboxes.ExecutionUpdateChunk', 'chunk', chunks[0]);
    expect(chunks[0]?.offset).toBe(0);
    expect(chunks.map(({ output }) => output).join('')).toBe('one\nzwölf\n');
  }),

  scenario('a stream from an offset begins with that byte', async ({ create, api }) => {
    const devbox = await create();
    const { executionId } = await devbox.cmd.exec('echo error >&2; printf "0123456789" >&2');
    const query = { offset: '6' };
    let text = '';
    const stream = await api.devboxes.executions.streamStderrUpdates(devbox.id, executionId, query);
    for await (const { output } of stream) text += output;
    expect(text).toBe('0123456789');
  }),

  scenario('a stream that is left early is let go', async ({ create, api }) => {
    const devbox = await create();
    const execution = await devbox.cmd.execAsync('while :; do echo line; sleep 0.02; done');
    const stream = await api.devboxes.executions.streamStdoutUpdates(devbox.id, execution.executionId);
    for await (const { output } of stream) {
      expect(output).toContain('line\n');
      break;
    }
    stream.controller.abort();
    await execution.kill();
    expect((await execution.result()).failed).toBe(true);
  }),

  scenario('the stream of a silent command ends with it', async ({ create }) => {
    const heard: string[] = [];
    const result = await (await create()).cmd.exec('sleep 0.1', { output: (text) => heard.push(text) });
    expect([heard, result.exitCode]).toEqual([[], 0]);
  }),

  scenario('bytes that are no UTF-8 do not break a stream', async ({ create }) => {
    let text = '';
    const params = { stdout: (piece: string) => (text += piece) };
    await (await create()).cmd.exec("printf 'a\\xffb\\nü\\n'", params);
    expect(text).toBe('a?b\nü\n');
  }),
];
