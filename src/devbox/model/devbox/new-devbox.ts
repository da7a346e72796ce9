import type { z } from 'zod';
import type { createDevboxBody } from '../../../api/devbox.ts';
import { Refusal } from '../refusal.ts';
import type { NewDevbox } from './devbox-host.ts';
import { lifeTimes } from './life-times.ts';

const OFFERED = ['name', 'metadata', 'environment_variables', 'launch_parameters'];
/** Would have to run commands, or promise what is not kept; others size a machine that is there already. */
const LAUNCH_NOT_OFFERED = ['launch_commands', 'network_policy_id', 'required_services'];
const LIFECYCLE_NOT_OFFERED = ['lifecycle_hooks', 'resume_triggers'];

/**
 * What a body asks for, as far as the embedded devbox offers it. What it does not offer is refused rather than
 * passed over: a devbox without its blueprint would only fail later.
 *
 * @throws Refusal `not_offered`, `environment_invalid`, `launch_parameters_invalid`
 */
export function newDevbox(body: z.output<typeof createDevboxBody>): NewDevbox {
  const asked = Object.keys(body).filter((key) => !OFFERED.includes(key) && !isNothing(body[key]));
  const launch = body.launch_parameters ?? {};
  const lifecycle = (launch.lifecycle ?? {}) as Record<string, unknown>;
  const refused = [
    ...asked,
    ...LAUNCH_NOT_OFFERED.filter((key) => !isNothing(launch[key])).map((key) => `launch_parameters.${key}`),
    ...LIFECYCLE_NOT_OFFERED.filter((key) => !isNothing(lifecycle[key])).map(
      (key) => `launch_parameters.lifecycle.${key}`,
    ),
  ];
  if (refused.length > 0) {
    throw new Refusal(
      400,
      'not_offered',
      `The embedded devbox does not offer ${refused.join(', ')}. It takes ${OFFERED.join(', ')}; leave the rest out.`,
    );
  }
  lifeTimes(launch);
  const environment = body.environment_variables ?? {};
  for (const [name, value] of Object.entries(environment)) checkVariable(name, value);
  return {
    ...(isNothing(body.name) ? {} : { name: String(body.name) }),
    metadata: body.metadata ?? {},
    environment,
    launchParameters: launch,
  };
}

function isNothing(value: unknown): boolean {
  return value === null || value === undefined || (Array.isArray(value) && value.length === 0);
}

function checkVariable(name: string, value: string): void {
  if (/^[A-Za-z_][A-Za-z0-9_]*$/.test(name) && !value.includes('\0')) return;
  throw new Refusal(
    400,
    'environment_invalid',
    `environment_variables.${JSON.stringify(name)} cannot be set: a name has letters, digits and _, and a value no NUL.`,
  );
}
