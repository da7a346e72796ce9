import { Refusal } from '../refusal.ts';

/**
 * Names are what a process can have, not what a shell can assign to: exported functions have `%%` in theirs.
 *
 * @throws Refusal `environment_invalid`; the values are nobody's business, so only the name is told
 */
export function checkEnvironment(environment: Readonly<Record<string, string>>): void {
  for (const [name, value] of Object.entries(environment)) {
    if (name !== '' && !/[=\0]/.test(name) && !value.includes('\0')) continue;
    throw new Refusal(
      400,
      'environment_invalid',
      `environment.${JSON.stringify(name)} cannot be set: a name is not empty and has no =, and neither has a NUL.`,
    );
  }
}
