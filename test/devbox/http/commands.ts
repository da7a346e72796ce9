import { randomUUID } from 'node:crypto';
import { expect } from 'vitest';
import { routes } from '../../../src/api/routes.ts';
import type { TestDevbox } from '../../helpers/devbox-server.ts';
import { type Answer, post } from './raw-client.ts';

/** Runs a command to its end on the devbox `local`; without a shell's name in a bash of its own. */
export async function execute(
  devbox: TestDevbox,
  command: string,
  shellName?: string,
): Promise<Answer['body']> {
  const answer = await post(devbox, routes.execute('local'), {
    command,
    command_id: randomUUID(),
    ...(shellName === undefined ? {} : { shell_name: shellName }),
  });
  expect(answer.status).toBe(200);
  expect(answer.body.status).toBe('completed');
  return answer.body;
}

/** Sends a command without waiting. */
export async function launch(
  devbox: TestDevbox,
  command: string,
  shellName?: string,
  attachStdin = false,
): Promise<string> {
  const answer = await post(devbox, routes.executeAsync('local'), {
    command,
    ...(shellName === undefined ? {} : { shell_name: shellName }),
    ...(attachStdin ? { attach_stdin: true } : {}),
  });
  expect(answer.status).toBe(200);
  return answer.body.execution_id;
}

/** The view of an execution when it has reached a status. */
export async function whenStatus(
  devbox: TestDevbox,
  executionId: string,
  status: 'running' | 'completed' = 'completed',
): Promise<Answer['body']> {
  const answer = await post(devbox, routes.waitForExecution('local', executionId), { statuses: [status] });
  expect(answer.status).toBe(200);
  return answer.body;
}
