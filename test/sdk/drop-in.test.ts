import { validate, version } from 'uuid';
import { expect, it } from 'vitest';
import { DevboxClient, type Execution, type ExecutionResult } from '../../src/index.ts';

const client = new DevboxClient({ bearerToken: 'k', baseURL: 'http://127.0.0.1:9' });

/** Code as it is written for the official client: it has to compile and is not run. */
async function writtenForTheOfficialClient(): Promise<string[]> {
  const lines: string[] = [];
  const devbox = await client.devbox.create({ name: 'my-devbox' });
  const shell = devbox.shell('my-session');
  await shell.exec('cd /app');
  const result: ExecutionResult = await shell.exec(
    'npm install',
    { stdout: (line) => process.stdout.write(line), stderr: (line) => lines.push(line), last_n: '5' },
    { signal: null, timeout: 1000, maxRetries: 2, longPoll: { timeoutMs: 60_000 } },
  );
  const execution: Execution = await shell.execAsync('npm start', { output: (line) => lines.push(line) }, {});
  await execution.kill();
  const state = await execution.getState();
  const last = await (await execution.result({ longPoll: { timeoutMs: 5 } })).stdout(3);
  // @ts-expect-error the shell's name is its own
  await shell.exec('true', { shell_name: 'other' });
  // @ts-expect-error so is the command's id
  await shell.exec('true', { command_id: 'mine' });
  const logs = await devbox.logs({ shell_name: 'my-session' });
  return [state.status, last, String(result.exitCode), String(logs.logs.length), execution.devboxId];
}

it('takes the code of the official client', () => {
  // That it compiles is the test; this keeps it from being dead code.
  expect(writtenForTheOfficialClient).toBeTypeOf('function');
});

it('makes a UUIDv7 for a shell without a name', () => {
  const devbox = client.devbox.fromId('d');
  const { name } = devbox.shell();
  expect(validate(name) && version(name)).toBe(7);
  expect(devbox.shell().name).not.toBe(name);
  expect(devbox.shell('mine')).toMatchObject({ name: 'mine', devboxId: 'd' });
});
