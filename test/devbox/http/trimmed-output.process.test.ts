import { expect, test } from 'vitest';
import { OUTPUT_GAP_EVENT, OUTPUT_OFFSET_HEADER, outputGap } from '../../../src/api/extension/output.ts';
import { routes } from '../../../src/api/routes.ts';
import { createEventDecoder } from '../../../src/api/sse/decode.ts';
import { execute } from './commands.ts';
import { get } from './raw-client.ts';
import { startSmallDevbox } from './small-devbox.ts';

const CAP = 4 * 2 ** 20;
const BYTES = 40_000_000;

test('where the oldest output went, the view, the raw route and the stream of events say so', async () => {
  await using devbox = await startSmallDevbox(CAP);
  const { execution_id: id, nsh } = await execute(devbox, `yes | head -c ${BYTES}; echo err >&2`, 'main');
  const trimmed = nsh.stdout_trimmed_bytes;
  expect(nsh.stdout_bytes).toBe(BYTES);
  // The cap, and what is on its way to the disk.
  expect(BYTES - trimmed).toBeLessThan(4 * CAP);
  expect(BYTES - trimmed).toBeGreaterThan(CAP / 2);
  expect(nsh).not.toHaveProperty('stderr_trimmed_bytes');
  const raw = await get(devbox, routes.output('local', id, 'stdout'));
  expect(raw.headers[OUTPUT_OFFSET_HEADER]).toBe(String(trimmed));
  expect(raw.bytes.length).toBe(BYTES - trimmed);
  const stream = await get(devbox, `${routes.stream('local', id, 'stdout')}?offset=7`);
  const [gap, ...chunks] = createEventDecoder().feed(stream.bytes);
  expect(gap?.event).toBe(OUTPUT_GAP_EVENT);
  expect(outputGap.parse(JSON.parse(gap?.data ?? ''))).toEqual({
    output: '',
    offset: trimmed,
    from: 7,
    to: trimmed,
  });
  let next = trimmed;
  for (const { event, data } of chunks) {
    expect(event).toBeUndefined();
    const { output, offset } = JSON.parse(data);
    expect(offset).toBe(next);
    next += Buffer.byteLength(output);
  }
  expect(next).toBe(BYTES);
});

test('official clients, which take every event but error for a chunk, append nothing for a gap', async () => {
  await using devbox = await startSmallDevbox(CAP);
  const { execution_id: id } = await execute(devbox, `yes | head -c ${BYTES}`);
  const { bytes } = await get(devbox, routes.stream('local', id, 'stdout'));
  let text = '';
  for (const { data } of createEventDecoder().feed(bytes)) text += JSON.parse(data).output;
  expect(text).toBe('y\n'.repeat(text.length / 2));
});
