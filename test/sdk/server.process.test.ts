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
