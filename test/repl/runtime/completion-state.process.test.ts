import { existsSync, watch } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { routes } from '../../../src/api/routes.ts';
import { completionScript } from '../../../src/repl/runtime/completion/completion-script.ts';
import { readCandidates } from '../../../src/repl/runtime/completion/read-candidates.ts';
import { execute } from '../../devbox/http/commands.ts';
import { get } from '../../devbox/http/raw-client.ts';
import { startTestDevbox, type TestDevbox } from '../../helpers/devbox-server.ts';

/** The state file of a shell, once it is there. */
async function stateFile(devbox: TestDevbox): Promise<string> {
  const { state_file: file } = (await get(devbox, routes.shell('local', 'main'))).body;
  const { promise, resolve } = Promise.withResolvers<void>();
  const look = () => existsSync(file) && resolve();
  const watcher = watch(join(devbox.stateDir, 'snapshots'), look);
  look();
  await promise;
  watcher.close();
  return file;
}

/** A shell in which nothing means what it always does, and that must not notice that somebody looks. */
const HOSTILE = [
  'cd() { echo cd; }; printf() { echo printf; }; echo() { :; }; compgen() { :; }; shopt() { :; }; exit() { :; }',
  'command_not_found_handle() { : >ran; }',
  'alias eval=false builtin=false readonly=false printf=false',
  'shopt -s failglob dotglob nocaseglob; GLOBIGNORE="*"; readonly all=1 d=2 mark=3 LANG=C.UTF-8; IFS=x',
  'zq_func() { :; }; alias zq_alias=1; zq_var=1; : >Zfile; : >.zhidden; : >zfile',
  // Its own traps run in the shell itself all the time.
  `zq_pid=$$; trap '(( $$ == zq_pid )) || : >ran' EXIT DEBUG ERR RETURN; trap $': >ran\n\\\\builtin cd -- x' USR1; set -uTE`,
];

test.each(['', 'set -o posix'])('a hostile state is taken over without its traps %s', async (more) => {
  await using devbox = await startTestDevbox();
  await execute(devbox, [...HOSTILE, more].join('\n'), 'main');
  const file = await stateFile(devbox);
  const { cwd } = (await get(devbox, routes.shell('local', 'main'))).body;
  const complete = async (query: object, directory: readonly object[] = []) => {
    const whole = { cwd, directory, executables: false, ...query } as never;
    const { stdout } = await execute(devbox, completionScript(whole, file));
    return readCandidates(stdout).candidates.map(({ name, kind }) => `${kind} ${name}`);
  };
  expect(await complete({ type: 'command', base: 'zq_' })).toEqual(['alias zq_alias', 'function zq_func']);
  expect(await complete({ type: 'variable', base: 'zq_' })).toEqual(['variable zq_pid', 'variable zq_var']);
  expect(await complete({ type: 'command', base: '__nsh' })).toEqual([]);
  expect(await complete({ type: 'variable', base: '__nsh' })).toEqual([]);
  expect(await complete({ type: 'command', base: 'trap' })).toEqual(['builtin trap']);
  expect(await complete({ type: 'path', base: 'z' })).toEqual(['file zfile']);
  expect(existsSync(join(cwd, 'ran'))).toBe(false);
});

test('without a state file the rest is still told', async () => {
  await using devbox = await startTestDevbox();
  const query = { type: 'command', base: 'compge', cwd: '/', mayAskShell: false } as const;
  const { stdout } = await execute(devbox, completionScript(query, join(devbox.stateDir, 'none')));
  expect(readCandidates(stdout).candidates).toEqual([{ name: 'compgen', kind: 'builtin' }]);
});
