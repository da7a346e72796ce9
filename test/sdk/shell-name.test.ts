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
