/** `npm run bench -- NAME`: each prints what it measured and, where there is a peer, the ratio in the same run. */
const benches: Record<string, () => Promise<{ run: () => Promise<void> }>> = {
  client: () => import('./client.ts'),
  conformance: () => import('./conformance.ts'),
  editor: () => import('./editor-keys.ts'),
  engine: () => import('./engine.ts'),
  history: () => import('./history.ts'),
  interrupts: () => import('./interrupts.ts'),
  overhead: () => import('./overhead.ts'),
  queue: () => import('./queue.ts'),
};

const name = process.argv[2];
const load = name === undefined ? undefined : benches[name];
if (load === undefined) {
  console.error(`npm run bench -- NAME, where NAME is one of: ${Object.keys(benches).join(', ')}`);
  process.exit(64);
}
await (await load()).run();
