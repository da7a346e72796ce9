import { expect, test } from 'vitest';
import { shellEnvironment } from '../../../src/devbox/environment/shell-environment.ts';

const NPM = {
  npm_lifecycle_event: 'start',
  npm_config_cache: '/home/ada/.npm',
  npm_package_name: 'named-shell',
  INIT_CWD: '/home/ada/project',
  NODE: '/usr/bin/node',
  NODE_ENV: 'production',
  COLOR: '1',
};

test('what npm put there goes, what is the user’s own stays', () => {
  const environment = shellEnvironment({
    ...NPM,
    HOME: '/home/ada',
    EDITOR: 'emacs',
    PATH: '/a/node_modules/.bin:/node_modules/.bin:/x/node-gyp-bin:/usr/bin:/mine/node_modules/.bin',
  });
  expect(environment).toEqual({
    HOME: '/home/ada',
    EDITOR: 'emacs',
    PATH: '/usr/bin:/mine/node_modules/.bin',
  });
});

test('npm’s own default editor goes', () => {
  expect(shellEnvironment({ ...NPM, EDITOR: 'vi' })).toEqual({});
});

test('without npm the same names are the user’s own', () => {
  const own = {
    NODE_ENV: 'production',
    COLOR: '1',
    EDITOR: 'vi',
    NODE: 'x',
    npm_config_registry: 'https://registry.example',
    PATH: '/a/node_modules/.bin:/usr/bin',
  };
  expect(shellEnvironment(own)).toEqual(own);
});

test('secrets of the server and what bash would obey are never inherited', () => {
  const environment = shellEnvironment({
    NSH_TOKEN: 'secret',
    RUNLOOP_API_KEY: 'secret',
    PROMPT_COMMAND: 'echo hello',
    BASH_ENV: '/tmp/x',
    ENV: '/tmp/x',
    SHELLOPTS: 'errexit',
    PWD: '/elsewhere',
    OLDPWD: '/elsewhere',
    SHLVL: '7',
    _: '/usr/bin/node',
    LANG: 'C.UTF-8',
    UNSET: undefined,
  });
  expect(environment).toEqual({ LANG: 'C.UTF-8' });
});
