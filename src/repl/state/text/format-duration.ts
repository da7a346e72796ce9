/** `40ms`, `0.3s`, `42.0s`, `2m 05s`, `1h 02m`. @param ms milliseconds */
export function formatDuration(ms: number): string {
  const seconds = Math.max(0, ms) / 1000;
  if (seconds < 0.095) return `${Math.round(seconds * 1000)}ms`;
  if (seconds < 59.95) return `${seconds.toFixed(1)}s`;
  const whole = Math.round(seconds);
  if (whole < 3600) return `${Math.floor(whole / 60)}m ${pad(whole % 60)}s`;
  return `${Math.floor(whole / 3600)}h ${pad(Math.floor((whole % 3600) / 60))}m`;
}

/** `7s`, `2m 05s`: for a running command, where a tenth that does not move would look stuck. @param ms milliseconds */
export function formatElapsed(ms: number): string {
  const whole = Math.max(0, Math.floor(ms / 1000));
  return whole < 60 ? `${whole}s` : formatDuration(whole * 1000);
}

function pad(value: number): string {
  return String(value).padStart(2, '0');
}
