import { adoption } from './engine/adoption.ts';
import { gibibyte } from './engine/gibibyte.ts';
import { idleMemory } from './engine/idle-memory.ts';
import { manyShells } from './engine/many-shells.ts';
import { roundTrip } from './engine/round-trip.ts';
import { shellClose } from './engine/shell-close.ts';
import { shellStart } from './engine/shell-start.ts';
import { shortOutput } from './engine/short-output.ts';
import { type Finding, print } from './report.ts';

const PARTS: Record<string, () => Promise<Finding[]>> = {
  'round-trip': roundTrip,
  'short-output': shortOutput,
  'many-shells': manyShells,
  'shell-start': shellStart,
  'shell-close': shellClose,
  adoption,
  memory: idleMemory,
  gibibyte,
};

/** What the engine costs, beside the least that could do the same. `npm run bench -- engine PART…` measures some of it. */
export async function run(): Promise<void> {
  const wanted = process.argv.slice(3);
  const unknown = wanted.find((name) => PARTS[name] === undefined);
  if (unknown !== undefined) {
    console.error(`There is no part ${unknown}. There are: ${Object.keys(PARTS).join(', ')}`);
    process.exitCode = 64;
    return;
  }
  for (const [name, measure] of Object.entries(PARTS)) {
    if (wanted.length > 0 && !wanted.includes(name)) continue;
    for (const finding of await measure()) print(finding);
    console.log();
  }
}
