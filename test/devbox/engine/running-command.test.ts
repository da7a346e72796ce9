import { expect, test } from 'vitest';
import { ForegroundCommand } from '../../../src/devbox/engine/running-command.ts';

function waitingCommand(stdin: 'none' | 'attached' = 'none') {
  const givenUp: number[] = [];
  const ignore = () => {};
  const request = { command: 'true', stdin, stdout: ignore, stderr: ignore };
  return { command: new ForegroundCommand(request, (status) => givenUp.push(status)), givenUp };
}

test('stopping a command that bash has not been given withdraws it', () => {
  const interrupted = waitingCommand();
  interrupted.command.interrupt();
  expect(interrupted.givenUp).toEqual([130]);
  const killed = waitingCommand();
  killed.command.kill();
  expect(killed.givenUp).toEqual([137]);
});

test('input for a command that ends before bash got it is refused', async () => {
  const { command } = waitingCommand('attached');
  const written = command.writeStdin('text');
  command.closeStdin();
  command.over({ kind: 'exited', exitStatus: 126, cwd: '/' });
  await expect(written).rejects.toThrow('The command has ended: its standard input is closed.');
  await command.started;
  expect(await command.outcome).toMatchObject({ exitStatus: 126 });
});
