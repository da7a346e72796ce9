import { expect, it, onTestFinished } from 'vitest';
import { answer, MisbehavingServer } from '../helpers/misbehaving-server.ts';
import { scripted } from './scripted.ts';
import { embedded } from './views.ts';

const KEEPS = { ...embedded, capabilities: [...embedded.capabilities, 'keep_shells'] };

it('asks the server what it is once, and again after the connection broke', async () => {
  const { server, client, shell } = await scripted({ maxRetries: 0 });
  server.on('GET /nsh/v1/server', answer(200, embedded));
  expect((await client.server())?.capabilities).not.toContain('keep_shells');
  await client.server();
  expect(server.received('GET /nsh/v1/server')).toHaveLength(1);

  const { port } = server;
  await server.close();
  await expect(shell.info()).rejects.toMatchObject({ kind: 'connection' });
  const newer = await MisbehavingServer.start(port, (it) => {
    it.on('GET /nsh/v1/server', answer(200, KEEPS));
  });
  onTestFinished(() => newer.close());
  expect((await client.server())?.capabilities).toContain('keep_shells');
});

it('never asks a server to keep shells that does not know how', async () => {
  const { server, client } = await scripted();
  server.on('GET /nsh/v1/server', answer(200, embedded)).on('POST /nsh/v1/server/stop', answer(200, {}));
  await expect(client.stopServer({ keep_shells: true })).rejects.toMatchObject({ kind: 'invalid_request' });
  expect(server.received('POST /nsh/v1/server/stop')).toHaveLength(0);
});

it('leaves the shells when asked to, and asks anew who serves', async () => {
  const { server, client } = await scripted();
  server.on('GET /nsh/v1/server', answer(200, KEEPS)).on('POST /nsh/v1/server/stop', answer(200, {}));
  await client.stopServer({ keep_shells: true });
  expect(server.received('POST /nsh/v1/server/stop')).toMatchObject([{ body: { keep_shells: true } }]);
  await client.server();
  expect(server.received('GET /nsh/v1/server')).toHaveLength(2);
});

it('gives a shell an environment where the server can, and never passes it over', async () => {
  const { server, shell } = await scripted();
  const able = { ...embedded, capabilities: ['shells', 'environment'] };
  const opened = {
    created: true,
    shell: {
      devbox_id: 'd',
      shell_name: 'main',
      state: 'idle',
      cwd: '/',
      created_at_ms: 0,
      last_used_at_ms: 0,
      queue: [],
    },
  };
  server.on('GET /nsh/v1/server', answer(200, able)).on('PUT /main', answer(200, opened));
  await shell.open({ environment: { A: '1' } });
  expect(server.received('PUT /main')).toMatchObject([{ body: { environment: { A: '1' } } }]);

  const { server: old, shell: there } = await scripted();
  old.on('GET /nsh/v1/server', answer(200, embedded)).on('PUT /main', answer(200, opened));
  await expect(there.open({ environment: { A: '1' } })).rejects.toMatchObject({ kind: 'invalid_request' });
  expect(old.received('PUT /main')).toHaveLength(0);
});
