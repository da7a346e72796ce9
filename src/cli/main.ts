import { type Invocation, parseArguments } from './arguments.ts';
import { CliError } from './cli-error.ts';
import { EXIT } from './exit-status.ts';
import { expectWriteErrors, writeFully } from './standard-streams.ts';

/** Runs one invocation. Commands are loaded when they are asked for: `--version` needs none of them. */
async function dispatch(invocation: Invocation, entry: string): Promise<number> {
  if (invocation.kind === 'version') {
    const { VERSION } = await import('../version.ts');
    await writeFully(process.stdout, `${VERSION}\n`);
    return 0;
  }
  if (invocation.kind === 'help') {
    const { helpText } = await import('./help.ts');
    await writeFully(process.stdout, helpText());
    return 0;
  }
  const { readConfiguration } = await import('./configuration.ts');
  const devbox = 'devbox' in invocation ? invocation.devbox : {};
  const configuration = readConfiguration(devbox, process.env);
  switch (invocation.kind) {
    case 'attach': {
      const { shell, stopAtFailure } = invocation;
      const atTerminal = process.stdin.isTTY && process.stdout.isTTY;
      // A terminal that can do nothing but lines (an editor's shell window) gets lines.
      const plain = invocation.plain || process.env.TERM === 'dumb';
      if (atTerminal) {
        const { attachShell } = await import('./commands/attach-shell.ts');
        return attachShell(configuration, entry, shell, devbox, plain);
      }
      if (devbox.keepAlive) {
        throw new CliError(
          EXIT.usage,
          '`--keep-alive` is for the REPL at a terminal: a script ends by itself.',
        );
      }
      const { runScript } = await import('./commands/run-script.ts');
      return runScript(configuration, entry, shell, stopAtFailure);
    }
    case 'run': {
      const { run } = await import('./commands/run.ts');
      return run(configuration, entry, invocation.shell, invocation.command);
    }
    case 'ls': {
      const { ls } = await import('./commands/ls.ts');
      return ls(configuration, entry, invocation.json);
    }
    case 'history': {
      const { name, limit, json } = invocation;
      const { history } = await import('./commands/history.ts');
      return history(configuration, entry, name, limit, json);
    }
    case 'log': {
      const { log } = await import('./commands/log.ts');
      return log(configuration, entry, invocation);
    }
    case 'watch': {
      const { watch } = await import('./commands/watch.ts');
      return watch(configuration, entry, invocation.name, invocation.json);
    }
    case 'play': {
      const { play } = await import('./commands/play.ts');
      return play(configuration, entry, invocation, devbox);
    }
    case 'close': {
      const { close } = await import('./commands/close.ts');
      return close(configuration, entry, invocation.name, invocation.force);
    }
    case 'stop': {
      const { stop } = await import('./commands/stop.ts');
      return stop(configuration, entry);
    }
    case 'restart': {
      const { restart } = await import('./commands/restart.ts');
      return restart(configuration, entry);
    }
    case 'serve': {
      const { serve } = await import('./commands/serve.ts');
      return serve(configuration, invocation);
    }
    case 'serve-background': {
      const { serveBackground } = await import('./commands/serve-background.ts');
      return serveBackground(configuration);
    }
  }
}

async function report(error: unknown): Promise<number> {
  const { describeError, traceOf } = await import('./report-error.ts');
  const { exitStatus, text } = describeError(error);
  const trace = process.env.NSH_DEBUG === '1' ? `${traceOf(error)}\n` : '';
  // Whoever closed stderr does not want to know.
  await writeFully(process.stderr, text + trace).catch(() => undefined);
  return exitStatus;
}

/**
 * Runs nsh with the arguments of the process, and ends the process.
 *
 * @param entry path of the program that called this: a background server is started from it
 */
export async function main(entry: string): Promise<never> {
  expectWriteErrors();
  let exitStatus: number;
  try {
    exitStatus = await dispatch(parseArguments(process.argv.slice(2)), entry);
  } catch (error) {
    exitStatus = await report(error);
  }
  // Every write was awaited. An open stdin that nobody reads any more must not hold the process.
  process.exit(exitStatus);
}
