import type { Random } from './random.ts';
import type { FuzzRequest } from './random-request.ts';

/** One request as HTTP/1.1 has it: its body with a length, or in chunks of random sizes, with extensions and trailers. */
export function encodeRequest(random: Random, request: FuzzRequest): Buffer {
  const { method, path, headers, body } = request;
  const lines = [
    `${method} ${path} HTTP/1.1`,
    `Host: ${random.pick(['localhost', '127.0.0.1:80', '[::1]'])}`,
  ];
  for (const [name, value] of headers) lines.push(`${name}:${random.pick(['', ' ', '\t'])}${value}`);
  if (body === undefined) return Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1');
  if (random.chance(0.6)) {
    lines.push(`Content-Length: ${body.length}`);
    return Buffer.concat([Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1'), body]);
  }
  lines.push('Transfer-Encoding: chunked');
  return Buffer.concat([Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1'), chunked(random, body)]);
}

function chunked(random: Random, body: Buffer): Buffer {
  const parts: Buffer[] = [];
  for (let at = 0; at < body.length; ) {
    const size = 1 + random.int(random.chance(0.5) ? 5 : body.length);
    const chunk = body.subarray(at, at + size);
    const length = random.chance(0.5) ? chunk.length.toString(16) : chunk.length.toString(16).toUpperCase();
    parts.push(
      Buffer.from(`${random.pick(['', '0', '000'])}${length}${random.pick(['', '', ';x', ';x="y"'])}\r\n`),
    );
    parts.push(chunk, Buffer.from('\r\n'));
    at += size;
  }
  parts.push(Buffer.from(random.pick(['0\r\n\r\n', '0\r\n\r\n', '0\r\nX-Trailer: x\r\n\r\n'])));
  return Buffer.concat(parts);
}

/** Bytes of a request that is none, or not one that everybody reads in the same way. */
export function malformed(random: Random, whole: Buffer): Buffer {
  const text = whole.toString('latin1');
  const how: (() => string | Buffer)[] = [
    () => random.bytes(1 + random.int(300)),
    // Half of one.
    () => whole.subarray(0, random.int(whole.length)),
    // A byte that is another, or one more.
    () => {
      const at = random.int(Math.min(whole.length, 200));
      return `${text.slice(0, at)}${String.fromCharCode(random.int(256))}${text.slice(at + random.int(2))}`;
    },
    () => text.replace('\r\n', '\n'),
    () =>
      text.replace(
        'HTTP/1.1',
        random.pick(['HTTP/1.0', 'HTTP/2.0', 'HTTP/9.9', 'http/1.1', 'HTTP/1.', 'ICY']),
      ),
    () => text.replace('\r\n\r\n', '\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n'),
    () => text.replace('\r\n\r\n', '\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabcd'),
    () =>
      text.replace(
        '\r\n\r\n',
        `\r\nContent-Length: ${random.pick(['-1', '1e3', '0x5', '9'.repeat(40), ''])}\r\n\r\n`,
      ),
    () =>
      text.replace('\r\n\r\n', '\r\nTransfer-Encoding: chunked\r\n\r\n') +
      random.pick([
        'zz\r\n',
        '-5\r\nx\r\n',
        'fffffffffffffffff\r\n',
        '5\r\nabcdefgh\r\n',
        '5',
        '\r\n\r\n',
        '3\nabc\n',
      ]),
    () => text.replace('\r\n\r\n', `\r\n${'X: y\r\n'.repeat(random.pick([100, 3000]))}\r\n`),
    () => text.replace('\r\n\r\n', `\r\nX: ${'x'.repeat(random.pick([1000, 40_000]))}\r\n\r\n`),
    () =>
      text.replace(
        '\r\n\r\n',
        '\r\nExpect: 100-continue\r\nConnection: upgrade\r\nUpgrade: websocket\r\n\r\n',
      ),
    () => text.replace('\r\n\r\n', '\r\n folded: x\r\nbad name: x\r\n: none\r\n\r\n'),
    () => text.replace(/^(\S+) \S+/, '$1 http://evil.example/v1/devboxes'),
    () =>
      text.replace(
        /^\S+ \S+/,
        random.pick(['CONNECT a:1', 'OPTIONS *', 'GET x', 'GET', ' GET /', 'GET  /', 'PRI *']),
      ),
  ];
  const made = random.pick(how)();
  return typeof made === 'string' ? Buffer.from(made, 'latin1') : made;
}

/** What begins as HTTP/2 and goes on with frames of random types, flags, streams and lengths. */
export function randomFrames(random: Random): Buffer {
  const frame = (type: number, flags: number, stream: number, payload: Buffer, length = payload.length) => {
    const head = Buffer.alloc(9);
    head.writeUIntBE(length, 0, 3);
    head.writeUInt8(type, 3);
    head.writeUInt8(flags, 4);
    head.writeUInt32BE(stream, 5);
    return Buffer.concat([head, payload]);
  };
  const parts = [Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n')];
  if (random.chance(0.9)) parts.push(frame(4, 0, 0, Buffer.alloc(0)));
  for (let count = random.int(8); count > 0; count--) {
    const payload = random.bytes(random.int(random.chance(0.9) ? 60 : 20_000));
    const length = random.chance(0.95) ? payload.length : random.int(2 ** 24);
    parts.push(
      frame(random.int(12), random.int(64), random.pick([0, 1, 2, 3, 5, 2 ** 31 - 1]), payload, length),
    );
  }
  return Buffer.concat(parts);
}
