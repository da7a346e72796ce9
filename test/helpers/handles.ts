/** What keeps this process alive, counted by kind. */
export function handles(): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const kind of process.getActiveResourcesInfo()) counts[kind] = (counts[kind] ?? 0) + 1;
  return counts;
}

/** Whether there is more of any kind: a leak stays, what the test runner itself does comes and goes. */
export function isMoreThan(now: Record<string, number>, before: Record<string, number>): boolean {
  return Object.entries(now).some(([kind, count]) => count > (before[kind] ?? 0));
}
