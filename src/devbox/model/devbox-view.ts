import type { DevboxView } from '../../api/devbox.ts';
import type { DevboxOptions } from './devbox.ts';

/** A devbox as the wire shows it. @param endedAtMs when it was shut down, Unix time, ms; undefined while it runs */
export function devboxView(options: DevboxOptions, endedAtMs: number | undefined): DevboxView {
  const { id, name, metadata, launchParameters, createdAtMs } = options;
  return {
    id,
    name: name ?? null,
    status: endedAtMs === undefined ? 'running' : 'shutdown',
    capabilities: [],
    create_time_ms: createdAtMs,
    end_time_ms: endedAtMs ?? null,
    launch_parameters: launchParameters,
    metadata: { ...metadata },
    state_transitions: [
      { status: 'running', transition_time_ms: createdAtMs },
      ...(endedAtMs === undefined ? [] : [{ status: 'shutdown' as const, transition_time_ms: endedAtMs }]),
    ],
    ...(endedAtMs === undefined ? {} : { shutdown_reason: 'api_shutdown' }),
  };
}
