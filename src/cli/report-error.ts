import { BashNotFoundError } from '../devbox/engine/bash/find-bash.ts';
import { ServerError } from '../devbox/server/server-error.ts';
import { sanitiseText } from '../repl/output/sanitise-text.ts';
import { NamedShellError } from '../sdk/errors.ts';
import { CliError } from './cli-error.ts';
import { EXIT } from './exit-status.ts';
import { ScriptLineError } from './run/script-line-error.ts';
import { ReaderGoneError } from './standard-streams.ts';

export interface ErrorReport {
  readonly exitStatus: number;
  /** One paragraph for stderr; empty when there is nothing to say. */
  readonly text: string;
}

const STATUS_OF_KIND: Record<NamedShellError['kind'], number> = {
  connection: EXIT.connection,
  proxy: EXIT.connection,
  authentication: EXIT.authentication,
  not_found: EXIT.notFound,
  invalid_request: EXIT.refused,
  conflict: EXIT.server,
  rate_limited: EXIT.tryLater,
  server: EXIT.server,
  timeout: EXIT.tryLater,
  aborted: EXIT.interrupted,
  protocol: EXIT.server,
  output_gap: EXIT.server,
  unknown_outcome: EXIT.unknownOutcome,
};

/** Every end of an error goes through here: text that is safe to show, with the exit status it stands for. */
export function describeError(error: unknown): ErrorReport {
  const cause = mostTelling(error);
  if (cause instanceof ScriptLineError) {
    const { exitStatus, text } = describeError(cause.cause);
    return { exitStatus, text: text.replace(/^nsh: /, `nsh: line ${cause.line}: `) };
  }
  if (cause instanceof ReaderGoneError) return { exitStatus: cause.exitStatus, text: '' };
  if (cause instanceof CliError) return { exitStatus: cause.exitStatus, text: paragraph(cause.message) };
  // The library's messages say what to do already.
  if (cause instanceof NamedShellError) {
    // The embedded devbox's own sentence speaks of the header; here it comes from the environment.
    const isKey = cause.kind === 'authentication' && !cause.message.includes('RUNLOOP_API_KEY');
    const text = paragraph(cause.message, isKey ? 'Check RUNLOOP_API_KEY.' : undefined);
    return { exitStatus: STATUS_OF_KIND[cause.kind], text };
  }
  if (cause instanceof BashNotFoundError)
    return { exitStatus: EXIT.cannotStart, text: paragraph(cause.message) };
  if (cause instanceof ServerError) {
    const isUsage = cause.code === 'not_loopback' || cause.code === 'token_short';
    const exitStatus = isUsage ? EXIT.usage : EXIT.cannotStart;
    return { exitStatus, text: paragraph(cause.message) };
  }
  const message = cause instanceof Error ? cause.message : String(cause);
  return {
    exitStatus: EXIT.internal,
    text: paragraph(`internal error: ${message}`, 'NSH_DEBUG=1 shows where; please report it.'),
  };
}

/** The stack traces of an error and its causes, for NSH_DEBUG=1. */
export function traceOf(error: unknown): string {
  const traces: string[] = [];
  for (let at = error; at instanceof Error; at = at.cause) traces.push(at.stack ?? at.message);
  return sanitiseText(traces.join('\ncaused by: '), { multiline: true });
}

/** Of several errors at once, the first that says what to do. */
function mostTelling(error: unknown): unknown {
  if (!(error instanceof AggregateError)) return error;
  const known = error.errors.find((one) => one instanceof CliError || one instanceof NamedShellError);
  return known ?? error.errors[0] ?? error;
}

/** Remote text can be part of a message: its escapes are made visible, and it stays one paragraph. */
function paragraph(message: string, hint?: string): string {
  const line = sanitiseText(message.replace(/\s+/g, ' ').trim());
  const sentence = /[.!?]$/.test(line) ? line : `${line}.`;
  return `nsh: ${hint ? `${sentence} ${hint}` : sentence}\n`;
}
