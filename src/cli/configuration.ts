import type { DevboxChoice } from './arguments.ts';
import { CliError } from './cli-error.ts';
import { EXIT } from './exit-status.ts';
import { type StateDirectory, stateDirectory } from './state-directory.ts';

const DEFAULT_BASE_URL = 'https://api.runloop.ai';

interface RemoteDevbox {
  readonly devboxId: string;
  readonly baseUrl: string;
  /** Where the address comes from, for messages. */
  readonly baseUrlSource: string;
  readonly key: string;
}

export interface Configuration {
  readonly state: StateDirectory;
  /** Undefined: the local devbox. */
  readonly remote?: RemoteDevbox;
}

/**
 * Settles every setting and where it came from: the command line first, then the environment, then the default.
 *
 * @throws CliError with status 77 when a remote devbox is named and there is no key, 64 for an address that is none
 */
export function readConfiguration(choice: DevboxChoice, env: NodeJS.ProcessEnv): Configuration {
  const state = stateDirectory(env);
  if (choice.devboxId === undefined) return { state };
  const [baseUrl, baseUrlSource] = choice.baseUrl
    ? [choice.baseUrl, '--base-url']
    : env.RUNLOOP_BASE_URL
      ? [env.RUNLOOP_BASE_URL, 'RUNLOOP_BASE_URL']
      : [DEFAULT_BASE_URL, 'the default'];
  if (!URL.canParse(baseUrl) || !/^https?:$/.test(new URL(baseUrl).protocol)) {
    throw new CliError(
      EXIT.usage,
      `\`${baseUrl}\` (from ${baseUrlSource}) is not an http or https address, such as http://127.0.0.1:8080.`,
    );
  }
  if (!env.RUNLOOP_API_KEY) {
    throw new CliError(
      EXIT.authentication,
      `the devbox ${choice.devboxId} at ${baseUrl} (from ${baseUrlSource}) needs a key: set RUNLOOP_API_KEY.`,
    );
  }
  return { state, remote: { devboxId: choice.devboxId, baseUrl, baseUrlSource, key: env.RUNLOOP_API_KEY } };
}

/** Where `nsh` was started. `npm start` runs it in the package's folder and keeps the user's in INIT_CWD. */
export function startFolder(env: NodeJS.ProcessEnv): string | undefined {
  if (env.npm_lifecycle_event === 'start' && env.INIT_CWD) return env.INIT_CWD;
  try {
    return process.cwd();
  } catch {
    // The folder was deleted under the user's shell: a new named shell then starts at home.
    return undefined;
  }
}
