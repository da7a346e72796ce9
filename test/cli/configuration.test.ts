import os from 'node:os';
import { describe, expect, test } from 'vitest';
import { readConfiguration, startFolder } from '../../src/cli/configuration.ts';
import { stateDirectory } from '../../src/cli/state-directory.ts';

describe('the state directory', () => {
  test.each([
    [
      { NSH_STATE_DIR: '/a', XDG_STATE_HOME: '/b' },
      { path: '/a', source: 'NSH_STATE_DIR' },
    ],
    [{ XDG_STATE_HOME: '/b' }, { path: '/b/nsh', source: 'XDG_STATE_HOME' }],
    [
      { XDG_STATE_HOME: 'relative' },
      { path: `${os.homedir()}/.local/state/nsh`, source: 'the home directory' },
    ],
    [{ NSH_STATE_DIR: '' }, { path: `${os.homedir()}/.local/state/nsh`, source: 'the home directory' }],
  ])('of %j', (env, expected) => {
    expect(stateDirectory(env)).toEqual(expected);
  });
});

describe('a remote devbox', () => {
  const key = { RUNLOOP_API_KEY: 'k' };

  test('the command line goes before the environment, and that before the default', () => {
    const env = { ...key, RUNLOOP_BASE_URL: 'http://env:1' };
    expect(readConfiguration({ devboxId: 'd', baseUrl: 'http://arg:1' }, env).remote).toMatchObject({
      baseUrl: 'http://arg:1',
      baseUrlSource: '--base-url',
    });
    expect(readConfiguration({ devboxId: 'd' }, env).remote).toMatchObject({
      baseUrl: 'http://env:1',
      baseUrlSource: 'RUNLOOP_BASE_URL',
    });
    expect(readConfiguration({ devboxId: 'd' }, key).remote).toMatchObject({
      baseUrl: 'https://api.runloop.ai',
      baseUrlSource: 'the default',
    });
  });

  test('a key in the environment alone does not leave this machine', () => {
    expect(readConfiguration({}, { ...key, RUNLOOP_BASE_URL: 'http://env:1' }).remote).toBeUndefined();
  });

  test('without a key, status 77 and the variable to set', () => {
    expect(() => readConfiguration({ devboxId: 'd' }, {})).toThrow(
      expect.objectContaining({
        exitStatus: 77,
        message:
          'the devbox d at https://api.runloop.ai (from the default) needs a key: set RUNLOOP_API_KEY.',
      }),
    );
  });

  test('an address from the environment that is none, status 64', () => {
    expect(() => readConfiguration({ devboxId: 'd' }, { ...key, RUNLOOP_BASE_URL: 'host:80' })).toThrow(
      expect.objectContaining({
        exitStatus: 64,
        message:
          '`host:80` (from RUNLOOP_BASE_URL) is not an http or https address, such as http://127.0.0.1:8080.',
      }),
    );
  });
});

test('through `npm start` a shell starts in the folder of the user, not in that of the package', () => {
  expect(startFolder({ npm_lifecycle_event: 'start', INIT_CWD: '/user' })).toBe('/user');
  expect(startFolder({ npm_lifecycle_event: 'test', INIT_CWD: '/user' })).toBe(process.cwd());
});
