import { KEEP_SHELLS_CAPABILITY } from '../../api/extension/adopted.ts';
import type { ServerView } from '../../api/extension/server.ts';
import { BUILD, VERSION } from '../../version.ts';

interface Program {
  readonly version: string;
  readonly build?: string | undefined;
}

export interface OtherBuild {
  /** One sentence for people: what serves, and what this is. */
  readonly sentence: string;
  /** What to do about it, as a sentence. */
  readonly advice: string;
  /** Whether it can be replaced without an end of its shells. */
  readonly keepsShells: boolean;
  /** It is older, and its version promises nothing to this one: going on with it is no good default. */
  readonly outdated: boolean;
}

/** Undefined: this very program serves the local devbox. */
export function otherBuild(
  server: ServerView,
  own: Program = { version: VERSION, build: BUILD },
): OtherBuild | undefined {
  if (server.version === own.version && server.build === own.build) return undefined;
  const age = compareVersions(server.version, own.version);
  const keepsShells = server.capabilities.includes(KEEP_SHELLS_CAPABILITY);
  return {
    sentence:
      age === 0
        ? `the local devbox is build ${server.build ?? 'unknown'} of nsh ${server.version}, this is ${own.build ?? 'run from its sources'}.`
        : `the local devbox runs ${age < 0 ? 'an older' : 'a newer'} nsh: ${server.version}, this is ${own.version}.`,
    advice: keepsShells
      ? '`nsh restart` puts this one in its place and keeps the shells.'
      : '`nsh stop` ends it and its shells, the next nsh starts the new one.',
    keepsShells,
    outdated: age < 0 && promise(server.version) !== promise(own.version),
  };
}

const numbers = (version: string) => version.split(/[.+-]/, 3).map(Number);

function compareVersions(one: string, other: string): number {
  const [a, b] = [numbers(one), numbers(other)];
  for (let at = 0; at < 3; at++) {
    const difference = (a[at] || 0) - (b[at] || 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

/** Versions of one promise go together: by semantic versioning the first number, or the second as long as that is 0. */
function promise(version: string): string {
  const [major = 0, minor = 0] = numbers(version);
  return major === 0 ? `0.${minor}` : `${major}`;
}
