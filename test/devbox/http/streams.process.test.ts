import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { OUTPUT_OFFSET_HEADER } from '../../../src/api/extension/output.ts';
import { routes } from '../../../src/api/routes.ts';
import { startTestDevbox, type TestDevbox } from '../../helpers/devbox-server.ts';
import { execute, launch, whenStatus } from './commands.ts';
import { get, open, post } from './raw-client.ts';
import { parseEvents, streamChunks } from './sse.ts';

let devbox: TestDevbox;
beforeAll(async () => {
  devbox = await startTestDevbox();
});
afterAll(() => devbox[Symbol.asyncDispose]());

/** `ü`, a lone continuation, a cut `€`, NUL, an emoji: 13 bytes of which 3 are not valid. */
const MIXED = "printf 'a\\303\\274\\200\\342\\202b\\000\\360\\237\\230\\200\\n'";
const MIXED_TEXT = 'aü???b\0😀\n';

test('a stream carries the whole output from 0, with the offset of each chunk', async () => {
  const { execution_id } = await execute(devbox, 'echo one; sleep 0.05; echo two; echo err >&2');
  const chunks = await streamChunks(devbox, execution_id, 'stdout');
  expect(chunks.map((chunk) => chunk.output).join('')).toBe('one\ntwo\n');
  expect(chunks[0]?.offset).toBe(0);
  expect(await streamChunks(devbox, execution_id, 'stderr')).toEqual([{ output: 'err\n', offset: 0 }]);
});

test('invalid bytes become one ? each, so that bytes of text and offsets agree', async () => {
  const { execution_id } = await execute(devbox, MIXED);
  expect(await streamChunks(devbox, execution_id, 'stdout')).toEqual([{ output: MIXED_TEXT, offset: 0 }]);
});

test('a stream resumes from any byte', async () => {
  const { execution_id } = await execute(devbox, MIXED);
  const whole = Buffer.from(MIXED_TEXT);
  for (let offset = 0; offset <= whole.length; offset++) {
    const chunks = await streamChunks(devbox, execution_id, 'stdout', offset);
    const text = Buffer.from(chunks.map((chunk) => chunk.output).join(''));
    expect(text.length).toBe(whole.length - offset);
    // Where the first character was cut its rest is shown as ?, what follows is the same.
    expect(text.subarray(4).equals(whole.subarray(offset + 4))).toBe(true);
    if (chunks[0] !== undefined) expect(chunks[0].offset).toBe(offset);
  }
});

test('a character that comes in two writes is one character', async () => {
  const { execution_id } = await execute(devbox, "printf 'a\\342\\202'; sleep 0.1; printf '\\254b'");
  const chunks = await streamChunks(devbox, execution_id, 'stdout');
  expect(chunks.map((chunk) => chunk.output).join('')).toBe('a€b');
});

test('a stream is live, also from before the command runs, and ends with it', async () => {
  const gate = await launch(devbox, 'cat >/dev/null', 'live', true);
  const id = await launch(devbox, 'echo first; cat', 'live', true);
  const incoming = await open(devbox, { method: 'GET', path: routes.stream('local', id, 'stdout') });
  expect(incoming.headers['content-type']).toBe('text/event-stream');
  await post(devbox, routes.sendStdIn('local', gate), { signal: 'EOF' });
  const [first] = await once(incoming, 'data');
  expect(parseEvents(String(first))).toEqual([{ output: 'first\n', offset: 0 }]);
  await post(devbox, routes.sendStdIn('local', id), { text: 'second\n' });
  const [second] = await once(incoming, 'data');
  expect(parseEvents(String(second))).toEqual([{ output: 'second\n', offset: 6 }]);
  await post(devbox, routes.sendStdIn('local', id), { signal: 'EOF' });
  incoming.resume();
  await once(incoming, 'end');
  expect((await get(devbox, routes.execution('local', id))).body.status).toBe('completed');
});

test('the streams of a cancelled command end', async () => {
  const gate = await launch(devbox, 'cat >/dev/null', 'cancelled', true);
  const id = await launch(devbox, 'echo ran', 'cancelled');
  const reading = streamChunks(devbox, id, 'stdout');
  await post(devbox, routes.kill('local', id));
  expect(await reading).toEqual([]);
  await post(devbox, routes.sendStdIn('local', gate), { signal: 'EOF' });
});

test('the raw output is the bytes themselves, whole and from any offset', async () => {
  const { execution_id, stderr } = await execute(
    devbox,
    'head -c 3000000 /dev/urandom >random; sha256sum random | cut -c 1-64 >&2; cat random',
  );
  const path = routes.output('local', execution_id, 'stdout');
  const whole = await get(devbox, path);
  expect(whole.headers['content-type']).toBe('application/octet-stream');
  expect(whole.headers[OUTPUT_OFFSET_HEADER]).toBe('0');
  expect(whole.bytes.length).toBe(3_000_000);
  expect(`${createHash('sha256').update(whole.bytes).digest('hex')}\n`).toBe(stderr);
  const rest = await get(devbox, `${path}?offset=2345678`);
  expect(rest.headers[OUTPUT_OFFSET_HEADER]).toBe('2345678');
  expect(rest.bytes.equals(whole.bytes.subarray(2345678))).toBe(true);
});

test('the text of 3 MB of random bytes has 3 MB', async () => {
  const { execution_id } = await execute(devbox, 'head -c 3000000 /dev/urandom');
  let next = 0;
  for (const { output, offset } of await streamChunks(devbox, execution_id, 'stdout')) {
    expect(offset).toBe(next);
    next += Buffer.byteLength(output);
  }
  expect(next).toBe(3_000_000);
});

test('a reader that is stuck or goes away slows nobody', async () => {
  const id = await launch(devbox, 'head -c 50000000 /dev/zero', 'stuck');
  const stuck = await open(devbox, { method: 'GET', path: routes.output('local', id, 'stdout') });
  const gone = await open(devbox, { method: 'GET', path: routes.stream('local', id, 'stdout') });
  gone.destroy();
  expect((await whenStatus(devbox, id)).nsh.stdout_bytes).toBe(50_000_000);
  expect((await get(devbox, routes.output('local', id, 'stdout'))).bytes.length).toBe(50_000_000);
  stuck.destroy();
});

test('an offset beyond the end is an empty stream; one that is no number is refused', async () => {
  const { execution_id } = await execute(devbox, 'echo x');
  expect(await streamChunks(devbox, execution_id, 'stdout', 999)).toEqual([]);
  const path = routes.stream('local', execution_id, 'stdout');
  expect(await get(devbox, `${path}?offset=-1`)).toMatchObject({
    status: 400,
    body: { code: 'query_invalid' },
  });
  expect((await get(devbox, `${routes.output('local', execution_id, 'stdout')}x`)).body.code).toBe(
    'stream_not_found',
  );
});

test('HEAD of a live stream is answered at once', async () => {
  const id = await launch(devbox, 'cat', 'head', true);
  const incoming = await open(devbox, { method: 'HEAD', path: routes.output('local', id, 'stdout') });
  incoming.resume();
  await once(incoming, 'end');
  expect(incoming.statusCode).toBe(200);
  await post(devbox, routes.kill('local', id));
});
