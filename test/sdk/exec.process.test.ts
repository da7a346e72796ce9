import { validate, version } from 'uuid';
import { describe, expect, it } from 'vitest';
import { answer, drop, hold } from '../helpers/misbehaving-server.ts';
import { scripted } from './scripted.ts';
import { completed, EXECUTION_ID, running } from './views.ts';

const commandIds = (requests: readonly { body: unknown }[]) =>
  requests.map(({ body }) => (body as { command_id: string }).command_id);

describe('exec', () => {
  it('is one request when the command ends in time', async () => {
    const { server, shell } = await scripted();
    server.on('POST /execute', answer(200, completed('hello\n', { exit_status: 3 })));
    const result = await shell.exec('echo hello; false');
    expect(result).toMatchObject({ exitCode: 3, success: false, failed: true, executionId: EXECUTION_ID });
    expect(await result.stdout()).toBe('hello\n');
    const [request, ...more] = server.received('POST /execute');
    expect(more).toEqual([]);
    expect(server.unexpected).toEqual([]);
    expect(request?.path).toBe('/v1/devboxes/d/execute');
    expect(request?.body).toEqual({
      command: 'echo hello; false',
      shell_name: 'main',
      command_id: expect.any(String),
    });
    const [id = ''] = commandIds(server.received('POST /execute'));
    expect(validate(id) && version(id)).toBe(7);
  });

  it('keeps the name and the command id of its own against smuggled ones', async () => {
    const { server, shell } = await scripted();
    server.on('POST /execute', answer(200, completed()));
    const smuggled = { shell_name: 'other', command_id: 'mine', command: 'rm -rf /' };
    await shell.exec('true', smuggled as object);
    expect(server.received('POST /execute')[0]?.body).toMatchObject({ shell_name: 'main', command: 'true' });
    expect(commandIds(server.received('POST /execute'))).not.toContain('mine');
  });

  it('passes last_n and optimistic_timeout on', async () => {
    const { server, shell } = await scripted();
    server.on('POST /execute', answer(200, completed()));
    await shell.exec('true', { last_n: '7', optimistic_timeout: 2 });
    const [request] = server.received('POST /execute');
    expect(request?.query.get('last_n')).toBe('7');
    expect(request?.body).toMatchObject({ optimistic_timeout: 2 });
  });

  it('sends a broken launch again with the same command id', async () => {
    const { server, shell } = await scripted();
    server.on(
      'POST /execute',
      drop,
      answer(502, '<html>bad gateway</html>'),
      drop,
      answer(200, completed('once')),
    );
    const result = await shell.exec('deploy');
    expect(await result.stdout()).toBe('once');
    const ids = commandIds(server.received('POST /execute'));
    expect(ids).toHaveLength(4);
    expect(new Set(ids).size).toBe(1);
  });

  it('goes on with a long poll when the command outlasts the launch', async () => {
    const { server, shell } = await scripted();
    server.on('POST /execute', answer(200, running()));
    server.on('POST /wait_for_status', answer(200, completed('late')));
    const result = await shell.exec('sleep 60', { last_n: '5' });
    expect(await result.stdout()).toBe('late');
    const [wait] = server.received('POST /wait_for_status');
    expect(wait?.path).toBe(`/v1/devboxes/d/executions/${EXECUTION_ID}/wait_for_status`);
    expect(wait?.body).toEqual({ statuses: ['completed'] });
    expect(wait?.query.get('last_n')).toBe('5');
  });

  it('finds its execution by the command id when the launch ends with 408', async () => {
    const { server, shell } = await scripted();
    server.on('POST /execute', answer(408, { message: 'still running' }));
    server.on('POST /wait_for_status', answer(200, completed('found')));
    const launched = shell.exec('sleep 60');
    const [id] = commandIds(await server.arrived('POST /execute'));
    server.on(`GET /executions/${id}`, answer(200, running({ execution_id: id ?? '' })));
    expect(await (await launched).stdout()).toBe('found');
    expect(server.received('POST /execute')).toHaveLength(1);
  });

  it('sends the same launch again after 408 where the id is unknown', async () => {
    const { server, shell } = await scripted();
    server.on('POST /execute', answer(408, { message: 'still running' }), answer(200, completed('done')));
    expect(await (await shell.exec('sleep 60')).stdout()).toBe('done');
    const ids = commandIds(server.received('POST /execute'));
    expect(ids).toHaveLength(2);
    expect(new Set(ids).size).toBe(1);
  });

  it('has its own time: longPoll.timeoutMs over launch and wait', async () => {
    const { server, shell } = await scripted();
    server.on('POST /execute', answer(200, running()));
    server.on('POST /wait_for_status', hold(new Promise(() => {}), drop));
    await expect(shell.exec('sleep 60', {}, { longPoll: { timeoutMs: 80 } })).rejects.toMatchObject({
      kind: 'timeout',
      message:
        'The command was not over within 80 ms (longPoll.timeoutMs). Nothing was ended: wait again, or kill the execution.',
    });
    await server.quiet();
  });

  it.each([0, -1, Number.NaN])('refuses a timeoutMs of %d', async (timeoutMs) => {
    const { server, shell } = await scripted();
    server.on('POST /execute', answer(200, completed()));
    await expect(shell.exec('true', {}, { longPoll: { timeoutMs } })).rejects.toMatchObject({
      kind: 'invalid_request',
    });
    expect(server.received('POST /execute')).toEqual([]);
  });

  it('ends at once with its signal, and leaves no connection', async () => {
    const { server, shell } = await scripted();
    server.on('POST /execute', hold(new Promise(() => {}), drop));
    const controller = new AbortController();
    const launched = shell.exec('sleep 60', {}, { signal: controller.signal });
    await server.arrived('POST /execute');
    controller.abort(new Error('enough'));
    await expect(launched).rejects.toMatchObject({ kind: 'aborted', cause: { message: 'enough' } });
    await server.quiet();
  });

  it('sends nothing under a signal that has fired', async () => {
    const { server, shell } = await scripted();
    server.on('POST /execute', answer(200, completed()));
    await expect(shell.exec('true', {}, { signal: AbortSignal.abort() })).rejects.toMatchObject({
      kind: 'aborted',
    });
    expect(server.received('POST /execute')).toEqual([]);
  });

  it('of a devbox command names a shell only when asked to', async () => {
    const { server, client } = await scripted();
    server.on('POST /execute', answer(200, completed()));
    await client.devbox.fromId('a/b').cmd.exec('true');
    await client.devbox.fromId('a/b').cmd.exec('true', { shell_name: 'x' });
    const [bare, named] = server.received('POST /execute');
    expect(bare?.path).toBe('/v1/devboxes/a%2Fb/execute');
    expect(bare?.body).not.toHaveProperty('shell_name');
    expect(named?.body).toMatchObject({ shell_name: 'x' });
  });
});
