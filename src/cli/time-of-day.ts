const two = (value: number) => String(value).padStart(2, '0');

/** `19:05:02`, of this machine's zone. @param ms Unix time, ms */
export function timeOfDay(ms: number): string {
  const date = new Date(ms);
  return [date.getHours(), date.getMinutes(), date.getSeconds()].map(two).join(':');
}

/**
 * `19:05:02` of today, else `2026-11-25 19:05`.
 *
 * @param now Unix time, ms
 */
export function momentText(ms: number, now: number): string {
  const date = new Date(ms);
  if (date.toDateString() === new Date(now).toDateString()) return timeOfDay(ms);
  const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
  return `${day} ${timeOfDay(ms).slice(0, -3)}`;
}
