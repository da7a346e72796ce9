import { validate, version } from 'uuid';
import { expect, it } from 'vitest';
import { DevboxClient } from '../../src/index.ts';

it('makes a UUIDv7 for a shell without a name', () => {
  const devbox = new DevboxClient({ bearerToken: 'k', baseURL: 'http://127.0.0.1:9' }).devbox.fromId('d');
  const { name } = devbox.shell();
  expect(validate(name) && version(name)).toBe(7);
  expect(devbox.shell().name).not.toBe(name);
  expect(devbox.shell('mine')).toMatchObject({ name: 'mine', devboxId: 'd' });
});

it.each(['', '.', '..'])(
  'refuses a name that a path would drop before anything is sent: "%s"',
  async (name) => {
    await using client = new DevboxClient({ bearerToken: 'k', baseURL: 'http://127.0.0.1:9' });
    const shell = client.devbox.fromId('d').shell(name);
    const refused = { kind: 'invalid_request', message: expect.stringContaining('Choose another name') };
    await expect(shell.open()).rejects.toMatchObject(refused);
    await expect(shell.close()).rejects.toMatchObject(refused);
    await expect(shell.restore()).rejects.toMatchObject(refused);
    await expect(shell.watch()[Symbol.asyncIterator]().next()).rejects.toMatchObject(refused);
  },
);
