import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { routes } from '../../../src/api/routes.ts';
import { createEventDecoder } from '../../../src/api/sse/decode.ts';
import { residentBytes } from '../../helpers/process-facts.ts';
import { SEED, seededBytes } from '../../helpers/seeded-bytes.ts';
import { seeded } from '../engine/random-times.ts';
import { type ChildDevbox, startChildDevbox } from './child-devbox.ts';
import { execute, launch, whenStatus } from './commands.ts';
import { open } from './raw-client.ts';

const MIB = 2 ** 20;
/** No multiple of any size that bytes are moved in: what is swapped, dropped or told twice does not fit. */
const BLOCK_BYTES = 8 * MIB + 61;

/** Holds what comes against the block, over and over, and the server's memory against what it was after 64 MiB. */
class Check {
  bytes = 0;
  grownBytes = 0;
  readonly #block: Buffer;
  readonly #memory: () => number;
  #base: number | undefined;
  #lookAt = 64 * MIB;

  constructor(block: Buffer, memory: () => number) {
    this.#block = block;
    this.#memory = memory;
  }

  take(bytes: Uint8Array): void {
    for (let done = 0; done < bytes.length; ) {
      const at = (this.bytes + done) % this.#block.length;
      const length = Math.min(bytes.length - done, this.#block.length - at);
      if (this.#block.compare(bytes, done, done + length, at, at + length) !== 0) {
        throw new Error(`A byte is wrong within ${length} from ${this.bytes + done}; NSH_SEED=${SEED}`);
      }
      done += length;
    }
    this.bytes += bytes.length;
    if (this.bytes < this.#lookAt) return;
    this.#lookAt += 16 * MIB;
    const memory = this.#memory();
    this.#base ??= memory;
    this.grownBytes = Math.max(this.grownBytes, memory - this.#base);
  }
}

/** Prints the block so many times, as fast as `cat` can. */
async function flood(devbox: ChildDevbox, block: Buffer, times: number): Promise<string> {
  writeFileSync(join(devbox.home, 'block'), block);
  return launch(devbox, `for ((n = 0; n < ${times}; n++)); do cat block; done`, 'main');
}

async function stuckReader(devbox: ChildDevbox, path: string): Promise<IncomingMessage> {
  const incoming = await open(devbox, { method: 'GET', path });
  onTestFinished(() => void incoming.destroy());
  return incoming;
}

/** Random text with characters of every length, and with those that JSON and server-sent events escape. */
function randomText(bytes: number): Buffer {
  const random = seeded(SEED);
  const tops = [0x7f, 0x7ff, 0xd7ff, 0x10ffff];
  let text = '';
  while (text.length < bytes) {
    const top = tops[Math.floor(random() * 4)] ?? 0;
    const point = Math.floor(random() * top);
    // Surrogates are no characters.
    text += String.fromCodePoint(point >= 0xd800 && point <= 0xdfff ? 0x20 : point);
  }
  return Buffer.from(text);
}

test.skipIf(process.platform !== 'linux')(
  '1 GiB to a live reader beside stuck ones: no byte wrong, and the server stays as small as it was',
  {
    timeout: 180_000,
  },
  async () => {
    await using devbox = await startChildDevbox(':');
    await execute(devbox, ':', 'main');
    const block = seededBytes(SEED, BLOCK_BYTES);
    const id = await flood(devbox, block, 128);
    const stuck = [
      await stuckReader(devbox, routes.output('local', id, 'stdout')),
      await stuckReader(devbox, routes.stream('local', id, 'stdout')),
    ];
    const check = new Check(block, () => residentBytes(devbox.pid));
    const incoming = await open(devbox, { method: 'GET', path: routes.output('local', id, 'stdout') });
    for await (const bytes of incoming) check.take(bytes as Buffer);
    expect(check.bytes).toBe(128 * BLOCK_BYTES);
    expect((await whenStatus(devbox, id)).nsh).toMatchObject({ stdout_bytes: check.bytes });
    expect(check.grownBytes).toBeLessThan(64 * MIB);
    // One that was stuck all the time still gets the first byte when it reads.
    const [late] = stuck;
    const [first] = await once(late as IncomingMessage, 'data');
    expect(block.subarray(0, first.length).equals(first)).toBe(true);
  },
);

test.skipIf(process.platform !== 'linux')(
  '192 MiB of text as events: no character wrong, and the server stays as small as it was',
  {
    timeout: 180_000,
  },
  async () => {
    await using devbox = await startChildDevbox(':');
    await execute(devbox, ':', 'main');
    const block = randomText(MIB);
    const times = Math.ceil((192 * MIB) / block.length);
    const id = await flood(devbox, block, times);
    await stuckReader(devbox, routes.stream('local', id, 'stdout'));
    const check = new Check(block, () => residentBytes(devbox.pid));
    const incoming = await open(devbox, { method: 'GET', path: routes.stream('local', id, 'stdout') });
    const decoder = createEventDecoder();
    for await (const bytes of incoming) {
      for (const { data } of decoder.feed(bytes as Buffer)) {
        const { output, offset } = JSON.parse(data) as { output: string; offset: number };
        expect(offset).toBe(check.bytes);
        check.take(Buffer.from(output));
      }
    }
    expect(check.bytes).toBe(times * block.length);
    expect(check.grownBytes).toBeLessThan(64 * MIB);
  },
);
