/** Why a shell was closed. */
export type CloseReason = 'request' | 'idle_timeout' | 'devbox_suspend' | 'devbox_shutdown';

/** For people: the beginning of a sentence, or one. */
export const CLOSE_MESSAGES: Record<CloseReason, string> = {
  request: 'the shell was closed',
  idle_timeout: 'the shell was closed: it was idle for its idle_timeout_ms',
  devbox_suspend: 'the devbox was suspended',
  devbox_shutdown: 'the devbox was shut down, or its server stopped',
};
