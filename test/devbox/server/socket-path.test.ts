import { expect, test } from 'vitest';
import { socketPath } from '../../../src/devbox/server/socket-path.ts';

const uid = process.getuid?.();

test('each state directory has a socket of its own in the runtime directory', () => {
  const env = { XDG_RUNTIME_DIR: '/run/user/1000' };
  const one = socketPath('/home/ada/.local/state/nsh', env);
  expect(one).toMatch(/^\/run\/user\/1000\/nsh\/[0-9a-f]{16}\.sock$/);
  expect(socketPath('/home/ada/.local/state/nsh/', env)).toBe(one);
  expect(socketPath('/home/ada/other', env)).not.toBe(one);
});

test.each([
  ['no runtime directory', {}],
  ['a relative one', { XDG_RUNTIME_DIR: 'run' }],
  ['one whose socket’s path would be too long', { XDG_RUNTIME_DIR: `/run/${'x'.repeat(80)}` }],
])('%s: the user’s own directory in /tmp', (_, env) => {
  expect(socketPath('/s', env)).toMatch(new RegExp(`^/tmp/nsh-${uid}/[0-9a-f]{16}\\.sock$`));
});
