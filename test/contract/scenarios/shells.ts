import { expect } from 'vitest';
import { type Scenario, scenario } from '../scenario.ts';

/** Named shells: what `Devbox.shell` and `DevboxNamedShell` document. */
export const shells: Scenario[] = [
  scenario('directory, variables and functions stay from one command to the next', async ({ create }) => {
    const shell = (await create()).shell('main');
    await shell.exec('cd /usr; export COLOUR=blue; local_=1; greet() { echo "hello $1"; }');
    const result = await shell.exec('pwd; echo $COLOUR $local_; greet you');
    expect(await result.stdout()).toBe('/usr\nblue 1\nhello you\n');
    expect(result.result.shell_name).toBe('main');
  }),

  scenario('the same name is the same shell, also for another client', async ({ sdk, create }) => {
    const devbox = await create();
    await devbox.shell('main').exec('A=1');
    const other = sdk.devbox.fromId(devbox.id).shell('main');
    expect(await (await other.exec('echo $A')).stdout()).toBe('1\n');
    expect(await (await devbox.shell('else').exec('echo "[$A]"')).stdout()).toBe('[]\n');
  }),

  scenario('no name is a shell of its own, with a name that the client makes', async ({ create }) => {
    const devbox = await create();
    const shell = devbox.shell();
    await shell.exec('A=1');
    const result = await shell.exec('echo $A');
    expect(await result.stdout()).toBe('1\n');
    expect(result.result.shell_name).toMatch(/^[0-9a-f-]{36}$/);
    expect(await (await devbox.shell().exec('echo "[$A]"')).stdout()).toBe('[]\n');
  }),

  scenario('a name may hold anything a URL can carry', async ({ create }) => {
    const devbox = await create();
    const name = 'a/b c?ü&#%';
    const result = await devbox.shell(name).exec('echo there');
    expect(result.result.shell_name).toBe(name);
    const { logs } = await devbox.logs({ shell_name: name });
    expect(logs[0]).toMatchObject({ cmd: 'echo there', shell_name: name });
  }),

  scenario('commands run one at a time, in their order', async ({ create }) => {
    const devbox = await create();
    const shell = devbox.shell('queue');
    const first = await shell.execAsync('while [ ! -e go ]; do sleep 0.02; done; echo 1 >>order');
    const rest = [];
    for (let n = 2; n <= 5; n++) rest.push(await shell.execAsync(`echo ${n} >>order`));
    expect((await rest[0]?.getState())?.status).toBe('queued');
    expect(await (await devbox.shell('beside').exec('touch go; echo beside')).stdout()).toBe('beside\n');
    await Promise.all([first, ...rest].map((execution) => execution.result()));
    expect(await (await shell.exec('cat order')).stdout()).toBe('1\n2\n3\n4\n5\n');
  }),

  scenario('exec from two clients at once: each is whole', async ({ sdk, create }) => {
    const devbox = await create();
    const [one, two] = [devbox.shell('s'), sdk.devbox.fromId(devbox.id).shell('s')];
    const results = await Promise.all([one.exec('echo 1; echo a'), two.exec('echo 2; echo b')]);
    expect(await Promise.all(results.map((result) => result.stdout()))).toEqual(['1\na\n', '2\nb\n']);
  }),

  scenario('kill of a running command leaves its shell as it was', async ({ create }) => {
    const shell = (await create()).shell('main');
    await shell.exec('cd /; A=1');
    const endless = await shell.execAsync('sleep 1000');
    await endless.kill();
    expect((await endless.result()).failed).toBe(true);
    expect(await (await shell.exec('echo "$PWD $A"')).stdout()).toBe('/ 1\n');
  }),

  scenario('kill of a queued command takes it out of the queue', async ({ create }) => {
    const shell = (await create()).shell('main');
    const running = await shell.execAsync('sleep 1000');
    const queued = await shell.execAsync('echo never >ran');
    await queued.kill();
    expect((await queued.result()).failed).toBe(true);
    await running.kill();
    expect((await shell.exec('ls ran')).success).toBe(false);
  }),

  scenario('exit ends the shell, and the next command has a fresh one', async ({ create }) => {
    const shell = (await create()).shell('main');
    await shell.exec('A=1; cd /');
    expect((await shell.exec('exit 7')).exitCode).toBe(7);
    expect(await (await shell.exec('echo "[$A]"; [ "$PWD" = "$HOME" ] && echo home')).stdout()).toBe(
      '[]\nhome\n',
    );
  }),

  scenario('a background job stays in the shell', async ({ create }) => {
    const shell = (await create()).shell('main');
    await shell.exec('sleep 1000 &');
    expect(await (await shell.exec('jobs -r | wc -l; kill %1')).stdout()).toBe('1\n');
  }),

  scenario('many shells of one devbox at once', async ({ create }) => {
    const devbox = await create();
    const names = Array.from({ length: 8 }, (_, n) => `s${n}`);
    await Promise.all(names.map((name) => devbox.shell(name).exec(`MINE=${name}`)));
    const said = await Promise.all(names.map((name) => devbox.shell(name).exec('echo $MINE')));
    expect(await Promise.all(said.map((result) => result.stdout()))).toEqual(names.map((n) => `${n}\n`));
  }),
];
