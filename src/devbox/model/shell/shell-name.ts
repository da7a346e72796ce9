import { Refusal } from '../refusal.ts';

/** Longest name of a shell, bytes of UTF-8. */
const MAX_SHELL_NAME_BYTES = 255;

/**
 * Checks the name of a shell. Anything that can be shown and written into a URL is a name.
 *
 * @throws Refusal `shell_name_invalid`
 */
export function checkShellName(name: string): string {
  const wrong = whatIsWrong(name);
  if (wrong !== undefined) {
    throw new Refusal(400, 'shell_name_invalid', `shell_name ${wrong}. Choose another name, such as main.`);
  }
  return name;
}

function whatIsWrong(name: string): string | undefined {
  if (name === '') return 'is empty';
  // A control character in a name would reach every terminal that lists the shells.
  if (/\p{Cc}/u.test(name)) return `${JSON.stringify(name)} holds a control character`;
  if (!name.isWellFormed()) return 'is not valid Unicode (a lone surrogate)';
  if (name === '.' || name === '..') return `${JSON.stringify(name)} cannot be written as a part of a URL`;
  const bytes = Buffer.byteLength(name);
  if (bytes > MAX_SHELL_NAME_BYTES) {
    return `has ${bytes} bytes, more than the ${MAX_SHELL_NAME_BYTES} that a name may have`;
  }
  return undefined;
}
