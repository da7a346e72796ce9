/** By the system's code, or what a program such as `mkfifo` says for it. */
const REMEDIES: readonly (readonly [RegExp, string])[] = [
  [/\bENOSPC\b|No space left on device/, 'The disk is full: free some space there'],
  [/\bEDQUOT\b|Disk quota exceeded/, 'The disk quota is used up: free some space there'],
  [/\bEFBIG\b|File too large/, 'The server may not write larger files: raise its `ulimit -f`'],
  [/\bEROFS\b|Read-only file system/, 'The file system is read-only: make it writable again'],
  [
    /\bEMFILE\b|Too many open files\b(?! in system)/,
    'The server has too many files open: close shells, or raise its `ulimit -n`',
  ],
  [/\bENFILE\b|Too many open files in system/, 'The machine has too many files open: end some programs'],
  [
    /\bEAGAIN\b|Resource temporarily unavailable/,
    'No further process may be started: end some, or raise the `ulimit -u` of the server',
  ],
  [/\bENOMEM\b|Cannot allocate memory/, 'The machine has no memory left: end some programs'],
  [/\bEACCES\b|\bEPERM\b|Permission denied/, 'The server may not write there: check whose it is'],
];

/**
 * An error of the system, with what can be done about it: a user knows `ENOSPC` no better than the server does.
 *
 * @param after what to do then, such as `try again`
 * @returns one or two sentences, without a full stop at the end
 */
export function withRemedy(error: unknown, after: string): string {
  const message = (error instanceof Error ? error.message : String(error)).replace(/\.$/, '');
  const remedy = REMEDIES.find(([pattern]) => pattern.test(message))?.[1];
  return remedy === undefined ? message : `${message}. ${remedy}, then ${after}`;
}
