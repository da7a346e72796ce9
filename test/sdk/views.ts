import type { ExecutionView } from '../../src/api/execution.ts';
import type { ServerView } from '../../src/api/extension/server.ts';

/** Wire views as servers send them, for the scripted server. */
export const EXECUTION_ID = '0199c0de-0000-7000-8000-000000000001';

export function running(more: Partial<ExecutionView> = {}): ExecutionView {
  return { devbox_id: 'd', execution_id: EXECUTION_ID, status: 'running', ...more };
}

export function completed(stdout = '', more: Partial<ExecutionView> = {}): ExecutionView {
  return {
    devbox_id: 'd',
    execution_id: EXECUTION_ID,
    status: 'completed',
    exit_status: 0,
    stdout,
    stderr: '',
    stdout_truncated: false,
    stderr_truncated: false,
    ...more,
  };
}

export const embedded: ServerView = {
  version: '0.0.0',
  pid: 1,
  started_at_ms: 0,
  bash_version: '5.2',
  capabilities: ['raw_output'],
};
