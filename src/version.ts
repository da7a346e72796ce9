import { createRequire } from 'node:module';

/** Put in by the build; unset when nsh runs from its sources. */
declare const __NSH_VERSION__: string | undefined;
declare const __NSH_BUILD__: string | undefined;

export const VERSION: string =
  typeof __NSH_VERSION__ === 'string'
    ? __NSH_VERSION__
    : (createRequire(import.meta.url)('../package.json') as { version: string }).version;

/** Which program this is, beside its version; undefined when nsh runs from its sources. */
export const BUILD: string | undefined = typeof __NSH_BUILD__ === 'string' ? __NSH_BUILD__ : undefined;
